import { join } from 'node:path';
import { z } from 'zod';
import { readJson } from '../files/json.ts';
import { overlap, type Label } from './dataset.ts';

const value = z.int().min(0);
const valueText = z.string().regex(/^\d+$/).transform(Number);

/** nnU-Net's regions: a structure is all voxels of some values, whatever else they belong to. Its own value is given apart. */
const regionsSchema = z
  .record(z.string().min(1), z.union([value, z.array(value.min(1)).min(1)]))
  .refine((regions) => Object.values(regions).some((values) => Array.isArray(values)))
  .transform((regions) =>
    Object.entries(regions)
      .filter(([, values]) => values !== 0)
      .map(([name, values], n): Label => ({ value: n + 1, name, covers: [values].flat() })),
  );

/** Decathlon writes `{"1": "liver"}`, nnU-Net `{"liver": 1}`, and a list may say colours too. */
const labelsSchema = z
  .union([
    z.array(
      z.object({
        value,
        name: z.string().min(1),
        colour: z
          .string()
          .regex(/^#[0-9a-f]{6}$/i)
          .optional(),
      }),
    ),
    z
      .record(valueText, z.string().min(1))
      .transform((names) => named(Object.entries(names).map(([v, name]) => [name, Number(v)]))),
    z.record(z.string().min(1), value).transform((values) => named(Object.entries(values))),
    regionsSchema,
  ])
  .refine((labels) => new Set(labels.map((label) => label.value)).size === labels.length, 'two labels have one value')
  .refine((labels) => labels.every(({ name }) => name !== 'ignore'), 'labels to ignore are not supported')
  .transform(withBackground);

const channelsSchema = z
  .record(z.string().regex(/^\d+$/), z.string().min(1))
  .transform((names) => Object.values(names));

const descriptionSchema = z
  .object({
    name: z.string().min(1).optional(),
    licence: z.string().optional(),
    license: z.string().optional(),
    /** Decathlon's word for the channels; nnU-Net's is `channel_names`. */
    modality: channelsSchema.optional(),
    channel_names: channelsSchema.optional(),
    labels: labelsSchema.optional(),
    /** The value of each region in a mask of one value a voxel, in the order in which regions are painted into it. */
    regions_class_order: z.array(value.min(1)).optional(),
  })
  .refine(({ labels = [], regions_class_order: order = [] }) => !overlap(labels) || isOrderOf(order, labels), {
    path: ['regions_class_order'],
    message: 'must give every region a value of its own',
  })
  .transform(({ labels, regions_class_order: order = [], ...rest }) => ({
    ...rest,
    labels: labels && overlap(labels) ? labels.map((label, n) => ({ ...label, value: order[n - 1] ?? 0 })) : labels,
  }));

/** What a data set says of itself. */
export interface Description {
  readonly name: string | undefined;
  readonly licence: string | undefined;
  readonly channels: readonly string[] | undefined;
  readonly labels: readonly Label[] | undefined;
}

/**
 * Reads `dataset.json` (Medical Segmentation Decathlon, nnU-Net 1 and 2) and `labels.json` (labels alone), where they are.
 *
 * @throws Problem 'data' naming the field that is wrong.
 */
export async function readDescription(folder: string): Promise<Description> {
  const description = await readJson(join(folder, 'dataset.json'), descriptionSchema);
  const labels = await readJson(join(folder, 'labels.json'), labelsSchema);
  return {
    name: description?.name,
    licence: description?.licence ?? description?.license,
    channels: description?.channel_names ?? description?.modality,
    labels: labels ?? description?.labels,
  };
}

function named(entries: readonly (readonly [string, number])[]): Label[] {
  return entries.map(([name, number]) => ({ value: number, name }));
}

function withBackground(labels: readonly Label[]): readonly Label[] {
  const all = labels.some((label) => label.value === 0) ? labels : [{ value: 0, name: 'background' }, ...labels];
  return all.toSorted((a, b) => a.value - b.value);
}

/** One value a structure, the background left out. */
const isOrderOf = (order: readonly number[], labels: readonly Label[]): boolean =>
  new Set(order).size === order.length && order.length === labels.length - 1;
