import { join } from 'node:path';
import { z } from 'zod';
import { readJson } from '../files/json.ts';
import type { Label } from './dataset.ts';

const value = z.int().min(0);
const valueText = z.string().regex(/^\d+$/).transform(Number);

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
  ])
  .refine((labels) => new Set(labels.map((label) => label.value)).size === labels.length, 'two labels have one value')
  .refine((labels) => labels.every(({ name }) => name !== 'ignore'), 'labels to ignore are not supported')
  .transform(withBackground);

const channelsSchema = z
  .record(z.string().regex(/^\d+$/), z.string().min(1))
  .transform((names) => Object.values(names));

const descriptionSchema = z.object({
  name: z.string().min(1).optional(),
  licence: z.string().optional(),
  license: z.string().optional(),
  /** Decathlon's word for the channels; nnU-Net's is `channel_names`. */
  modality: channelsSchema.optional(),
  channel_names: channelsSchema.optional(),
  labels: labelsSchema.optional(),
});

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
