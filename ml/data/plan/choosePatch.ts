import { Problem } from '../../check/problem.ts';
import { estimateMemory } from './estimateMemory.ts';
import type { Workload } from './estimateMemory.ts';
import type { Plan } from './planSchema.ts';

export type Preset = 'small' | 'base' | 'large';

/** Feature channels of the finest level (doubled at each coarser one, at most eightfold) and residual blocks a level. */
const presets: Readonly<Record<Preset, { readonly width: number; readonly blocks: number }>> = {
  small: { width: 16, blocks: 1 },
  base: { width: 32, blocks: 2 },
  large: { width: 64, blocks: 2 },
};

const MOST_LEVELS = 5;
/** Sides of the coarsest feature map: with fewer voxels a 3x3x3 convolution sees mostly padding. */
const LEAST_COARSE_SIDE = 4;
const LEAST_SIDE = 16;
const LEAST_BATCH = 2;
const MOST_BATCH = 16;
/** More context than this has not been seen to help, and costs time in proportion. */
const MOST_VOXELS = { 2: 512 ** 2, 3: 128 ** 3 } as const;
/** Voxels a batch aims at: two volumes of 48 x 48 x 48 or four pictures of 256 x 256. */
const BATCH_VOXELS = 2 ** 18;

export interface PatchChoice {
  readonly patch: readonly number[];
  readonly network: Plan['network'];
  readonly batchSize: number;
  readonly memoryMiB: number;
  readonly sentences: readonly string[];
}

export interface PatchLimits {
  readonly preset: Preset;
  readonly memoryMiB: number;
  /** Image channels plus classes. */
  readonly inputs: number;
  readonly classes: number;
}

/**
 * Patch, network and batch together, as each bounds the others: the patch starts at the median shape and loses one step along the
 * axis that it covers best until two patches fit in memory; the levels follow from its smallest side, the batch from what is left.
 *
 * @param medianShape `[k, j, i]` or `[j, i]`, at the plan's spacing.
 * @throws Problem 'memory' where not even a patch of 16 voxels a side fits.
 */
export function choosePatch(medianShape: readonly number[], limits: PatchLimits): PatchChoice {
  let patch = roundUp(medianShape);
  const wanted = patch;
  while (!fits(patch, limits)) patch = shrink(patch, medianShape, limits);
  const workload = workloadOf(patch, limits);
  const { batchSize, memoryMiB } = chooseBatch(workload, limits.memoryMiB);
  return {
    patch,
    network: workload.network,
    batchSize,
    memoryMiB,
    sentences: explain(patch, wanted, workload.network, batchSize, memoryMiB, limits),
  };
}

/**
 * As many patches as make a good batch and fit in memory.
 *
 * @throws Problem 'memory' where not even one does.
 */
export function chooseBatch(
  workload: Omit<Workload, 'batchSize'>,
  allowedMiB: number,
): { readonly batchSize: number; readonly memoryMiB: number } {
  const perBatch = Math.round(BATCH_VOXELS / volume(workload.patch));
  let batchSize = Math.min(Math.max(perBatch, LEAST_BATCH), MOST_BATCH);
  while (batchSize > 1 && estimateMemory({ ...workload, batchSize }) > allowedMiB) batchSize--;
  const memoryMiB = estimateMemory({ ...workload, batchSize });
  if (memoryMiB <= allowedMiB) return { batchSize, memoryMiB };
  const what = `patches of ${workload.patch.join(' x ')} voxels need ${memoryMiB} MiB, and ${allowedMiB} MiB are allowed`;
  throw new Problem('memory', what, 'memory', `Allow ${memoryMiB} MiB.`);
}

function explain(
  patch: readonly number[],
  wanted: readonly number[],
  { channels, blocks }: Plan['network'],
  batchSize: number,
  memoryMiB: number,
  { preset, memoryMiB: limit }: PatchLimits,
): string[] {
  const reason =
    volume(patch) === volume(wanted)
      ? 'the median shape, rounded up so that it can be halved at every level'
      : `as much of the median shape as the memory and ${MOST_VOXELS[dimensionsOf(patch)]} voxels allow`;
  const levels =
    channels.length === MOST_LEVELS
      ? 'more levels have not been seen to help'
      : `one level more would leave fewer than ${LEAST_COARSE_SIDE} voxels along the smallest side`;
  return [
    `Patches are ${patch.join(' x ')} voxels (${patch.length === 3 ? 'k, j, i' : 'j, i'}): ${reason}.`,
    `The ${preset} network has ${channels.length} levels of ${channels.join(', ')} channels with ${blocks} residual block${blocks === 1 ? '' : 's'} each: ${levels}.`,
    `A batch has ${batchSize} patches, and training is estimated to need ${memoryMiB} MiB of the ${limit} MiB allowed.`,
  ];
}

function fits(patch: readonly number[], limits: PatchLimits): boolean {
  if (volume(patch) > MOST_VOXELS[dimensionsOf(patch)]) return false;
  return estimateMemory({ ...workloadOf(patch, limits), batchSize: LEAST_BATCH }) <= limits.memoryMiB;
}

/** Shortens the axis with the largest share of the median shape, rather one that costs no level. */
function shrink(patch: readonly number[], medianShape: readonly number[], limits: PatchLimits): readonly number[] {
  const step = 2 ** halvings(patch);
  const shorter = patch
    .map((side, axis) => ({
      patch: roundUp(patch.map((other, n) => (n === axis ? side - step : other))),
      share: side / medianShape[axis]!,
      isPossible: side > LEAST_SIDE,
    }))
    .filter(({ isPossible }) => isPossible);
  const levels = Math.max(...shorter.map((choice) => halvings(choice.patch)));
  const [best] = shorter.filter((choice) => halvings(choice.patch) === levels).toSorted((a, b) => b.share - a.share);
  if (best) return best.patch;
  const needed = estimateMemory({ ...workloadOf(patch, limits), batchSize: LEAST_BATCH });
  throw new Problem(
    'memory',
    `the ${limits.preset} network needs ${needed} MiB even for its smallest patch, and ${limits.memoryMiB} MiB are allowed`,
    'memory',
    limits.preset === 'small' ? `Allow ${needed} MiB.` : `Allow ${needed} MiB or choose a smaller preset.`,
  );
}

function workloadOf(patch: readonly number[], { preset, inputs, classes }: PatchLimits): Omit<Workload, 'batchSize'> {
  const { width, blocks } = presets[preset];
  const channels = Array.from({ length: halvings(patch) + 1 }, (_, level) => width * Math.min(2 ** level, 8));
  return { patch, inputs, classes, network: { channels, blocks } };
}

/** Sides rounded up to multiples of the network's coarsest voxel. */
function roundUp(sides: readonly number[]): readonly number[] {
  const step = 2 ** halvings(sides);
  return sides.map((side) => Math.ceil(side / step) * step);
}

function halvings(sides: readonly number[]): number {
  const smallest = Math.min(...sides);
  let count = 0;
  while (count + 1 < MOST_LEVELS && Math.ceil(smallest / 2 ** (count + 1)) >= LEAST_COARSE_SIDE) count++;
  return count;
}

function volume(patch: readonly number[]): number {
  return patch.reduce((product, side) => product * side, 1);
}

function dimensionsOf(patch: readonly number[]): 2 | 3 {
  return patch.length === 3 ? 3 : 2;
}
