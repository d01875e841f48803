import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../ml/check/problem.ts';
import { errorCode, fileProblem } from '../files/fileProblem.ts';
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

/** @returns undefined where there is no such file. */
export async function readJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw fileProblem(error, path);
  }
  const parsed = schema.safeParse(parseJson(text, path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new Problem(
    'data',
    issue?.message ?? 'not what is expected',
    field ? `${path}: ${field}` : path,
    'Correct the file.',
  );
}

function parseJson(text: string, path: string): unknown {
  try {
    // A byte order mark is no JSON, and Windows editors write one.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new Problem('data', 'this is not JSON', path, 'Correct or remove the file.', { cause });
  }
}

function named(entries: readonly (readonly [string, number])[]): Label[] {
  return entries.map(([name, number]) => ({ value: number, name }));
}

function withBackground(labels: readonly Label[]): readonly Label[] {
  const all = labels.some((label) => label.value === 0) ? labels : [{ value: 0, name: 'background' }, ...labels];
  return all.toSorted((a, b) => a.value - b.value);
}
