import { createHash } from 'node:crypto';
import { quantile } from '../../../ml/statistics/quantile.ts';
import type { Grid, Vector3 } from '../../../ml/volume/grid.ts';
import { canonicalOrder } from '../../../ml/volume/orientation.ts';
import type { Volume, VoxelArray } from '../../../ml/volume/volume.ts';

/** What is remembered of a case to compare it with the others. */
export interface CaseFacts {
  readonly id: string;
  readonly group: string;
  /** Along left, posterior, superior, whatever the order of the axes. */
  readonly spacing: Vector3;
  /** Of each channel. */
  readonly intensities: readonly Intensity[];
  /** Equal for equal voxels, whatever their type; one a channel. */
  readonly hashes: readonly string[];
  /** Equal for equal labels; `undefined` where nothing is drawn. */
  readonly labelHash: string | undefined;
  /** For each label value where its centre lies: along left, posterior, superior, -0.5 to 0.5 of the image. */
  readonly centres: ReadonlyMap<number, Vector3>;
  /** The first channel in `thumbnailSide` cubed blocks, LPS order, x fastest; mean 0, standard deviation 1. */
  readonly thumbnail: Float64Array;
}

/** What the values of a channel are like. */
export interface Intensity {
  readonly median: number;
  /** From the 5th to the 95th percentile. */
  readonly range: number;
}

export const thumbnailSide = 8;

/** Enough for percentiles. */
const mostSamples = 50_000;

export function intensityOf(values: VoxelArray): Intensity {
  const step = Math.ceil(values.length / mostSamples);
  const samples = Float64Array.from({ length: Math.ceil(values.length / step) }, (_, n) => values[n * step]!).sort();
  return { median: quantile(samples, 0.5), range: quantile(samples, 0.95) - quantile(samples, 0.05) };
}

export const hashOf = (values: VoxelArray): string =>
  createHash('sha256')
    .update(new Uint8Array(Float32Array.from(values).buffer))
    .digest('hex');

/** Along left, posterior, superior: the index axis that runs so, and whether backwards. */
function patientAxes(grid: Grid) {
  const { from, flipped } = canonicalOrder(grid);
  return ([0, 1, 2] as const).map((axis) => ({ index: from[axis], isBackward: flipped[axis] }));
}

export function spacingOf(grid: Grid): Vector3 {
  const [x, y, z] = canonicalOrder(grid).from;
  return [grid.spacing[x], grid.spacing[y], grid.spacing[z]];
}

/** @param labels One channel. */
export function centresOf({ grid, data }: Volume): ReadonlyMap<number, Vector3> {
  const [ni, nj] = grid.shape;
  const sums = new Map<number, [number, number, number, number]>();
  for (let v = 0; v < data.length; v++) {
    const value = data[v]!;
    if (value === 0) continue;
    const sum = sums.get(value) ?? [0, 0, 0, 0];
    sum[0] += v % ni;
    sum[1] += Math.floor(v / ni) % nj;
    sum[2] += Math.floor(v / (ni * nj));
    sum[3]++;
    sums.set(value, sum);
  }
  const axes = patientAxes(grid);
  const share = (sum: readonly number[], axis: 0 | 1 | 2) => {
    const { index, isBackward } = axes[axis]!;
    const place = (sum[index]! / sum[3]! + 0.5) / grid.shape[index] - 0.5;
    return isBackward ? -place : place;
  };
  return new Map([...sums].map(([value, sum]) => [value, [share(sum, 0), share(sum, 1), share(sum, 2)]]));
}

/** Along one axis at most so many voxels are looked at for a thumbnail. */
const mostAlong = 64;

export function thumbnailOf({ grid, data }: Volume): Float64Array {
  const [ni, nj, nk] = grid.shape;
  const sums = new Float64Array(thumbnailSide ** 3);
  const counts = new Float64Array(thumbnailSide ** 3);
  const axes = patientAxes(grid);
  const weights = [0, 0, 0];
  axes.forEach(({ index }, axis) => (weights[index] = thumbnailSide ** axis));
  const block = (at: number, index: 0 | 1 | 2): number => {
    const place = Math.floor((at * thumbnailSide) / grid.shape[index]);
    const isBackward = axes.find((axis) => axis.index === index)?.isBackward === true;
    return (isBackward ? thumbnailSide - 1 - place : place) * weights[index]!;
  };
  const step = (size: number) => Math.ceil(size / mostAlong);
  for (let k = 0; k < nk; k += step(nk)) {
    for (let j = 0; j < nj; j += step(nj)) {
      const row = block(k, 2) + block(j, 1);
      for (let i = 0; i < ni; i += step(ni)) {
        const at = row + block(i, 0);
        sums[at]! += data[(k * nj + j) * ni + i]!;
        counts[at]!++;
      }
    }
  }
  return standardised(sums.map((sum, n) => sum / Math.max(1, counts[n]!)));
}

export function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (deviation === 0 ? 0 : (value - mean) / deviation));
}
