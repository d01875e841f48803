import { invariant } from '../../../ml/check/invariant.ts';
import { readImage } from '../../../main/imaging/image.ts';
import { benchSeriesShape, type BenchSyntax, makeBenchSeries } from './benchSeries.ts';
import type { Comparison, Contest } from './comparison.ts';

/** Milliseconds until the first slice of a series is there, and all of them. */
async function openOurs(folder: string): Promise<{ readonly first: number; readonly whole: number }> {
  const start = performance.now();
  let first: number | undefined;
  const arrival = { begin: () => undefined, slice: () => (first ??= performance.now() - start) };
  const { volume } = await readImage(folder, { arrival });
  const whole = performance.now() - start;
  invariant(volume.grid.shape.join() === benchSeriesShape.join(), `we opened ${volume.grid.shape.join(' x ')} voxels`);
  return { first: first ?? NaN, whole };
}

async function prepareOpening(syntax: BenchSyntax): Promise<Contest> {
  const { folder, openTheirs, dispose } = await makeBenchSeries(syntax);
  return { ours: async () => (await openOurs(folder)).whole, theirs: openTheirs, dispose };
}

async function prepareFirstSlice(syntax: BenchSyntax): Promise<Contest> {
  const { folder, dispose } = await makeBenchSeries(syntax);
  return {
    ours: async () => (await openOurs(folder)).first,
    theirs: async () => (await openOurs(folder)).whole,
    dispose,
  };
}

/** Time to open a folder that holds a CT of 300 slices of 512 x 512: which files belong together, and their voxels. */
export function dicomTime(name: string, syntax: BenchSyntax): Comparison {
  return {
    name,
    unit: 'ms',
    against: 'SimpleITK (GDCM), 2 threads',
    warmups: 1,
    prepare: () => prepareOpening(syntax),
  };
}

/** Time until the first slice of the same can be shown, beside the time of the whole. */
export function dicomFirstSlice(name: string, syntax: BenchSyntax): Comparison {
  return { name, unit: 'ms', against: 'the whole series, by us', warmups: 1, prepare: () => prepareFirstSlice(syntax) };
}
