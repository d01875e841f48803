import { join } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import { writeFileAtomically } from '../../files/atomic.ts';
import { product } from '../../product/product.ts';
import type { Calibration } from './description.ts';
import { descriptionFile, type Model } from './folder.ts';

/** @throws Problem 'usage' where a model came with the product: it is not changed. */
export function requireOwn({ folder, description }: Model, option: string): void {
  if (!folder.startsWith(product.resources)) return;
  const remedy = 'Copy it (sfumato models export) and name the copy.';
  throw new Problem('usage', `${description.name} came with the product and is not changed`, option, remedy);
}

const keys = ['method', 'samples', 'steps', 'start', 'sampler'] as const;

/** Whether a model is run in the same way: a temperature is of one way only. */
export const isSameRun = (one: Pick<Calibration, Key>, other: Pick<Calibration, Key>): boolean =>
  keys.every((key) => one[key] === other[key]);

type Key = (typeof keys)[number];

/** Keeps what was fitted in model.json, in place of what was fitted for the same way of running the model. */
export async function storeCalibration({ folder, description }: Model, given: Calibration): Promise<void> {
  const { method, samples, steps, sampler, start, temperature, cases, errorBefore, errorAfter } = given;
  const found = { method, samples, steps, sampler, start, temperature, cases, errorBefore, errorAfter };
  const others = (description.calibration ?? []).filter((one) => !isSameRun(one, found));
  const text = `${JSON.stringify({ ...description, calibration: [...others, found] }, null, 2)}\n`;
  await writeFileAtomically(join(folder, descriptionFile), text, { existing: 'replace' });
}
