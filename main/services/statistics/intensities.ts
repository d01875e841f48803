import { quantile } from '../../../ml/statistics/quantile.ts';
import type { Vector3 } from '../../../ml/volume/grid.ts';
import type { VoxelArray } from '../../../ml/volume/volume.ts';
import type { Structure } from '../../imaging/meshes/structures.ts';

/** Of the values of an image in a structure, in the image's unit; `null` where there are none. */
export interface Intensities {
  readonly mean: number | null;
  /** Of the sample, over n - 1; `null` for one value. */
  readonly sd: number | null;
  readonly min: number | null;
  readonly p5: number | null;
  readonly p25: number | null;
  readonly median: number | null;
  readonly p75: number | null;
  readonly p95: number | null;
  readonly max: number | null;
  /** Voxels that hold no number, or an infinite one, and were left out. */
  readonly notFinite: number;
}

/** Percentiles are interpolated linearly between ranks. */
export function intensitiesOf(values: VoxelArray, structure: Structure, shape: Vector3): Intensities {
  const inside = valuesIn(values, structure, shape);
  const finite = inside.filter(Number.isFinite).sort();
  const notFinite = inside.length - finite.length;
  if (finite.length === 0) return { ...none, notFinite };
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const at = (fraction: number) => quantile(finite, fraction);
  return {
    mean,
    sd: finite.length > 1 ? Math.sqrt(squares / (finite.length - 1)) : null,
    ...{ min: at(0), p5: at(0.05), p25: at(0.25), median: at(0.5), p75: at(0.75), p95: at(0.95), max: at(1) },
    notFinite,
  };
}

const none = { mean: null, sd: null, min: null, p5: null, p25: null, median: null, p75: null, p95: null, max: null };

function valuesIn(
  values: VoxelArray,
  { labels, value, voxels, box: { from, to } }: Structure,
  [width, height]: Vector3,
): Float64Array {
  const inside = new Float64Array(voxels);
  let count = 0;
  for (let k = from[2]; k < to[2]; k++) {
    for (let j = from[1]; j < to[1]; j++) {
      const row = (k * height + j) * width;
      for (let at = row + from[0]; at < row + to[0]; at++) if (labels[at] === value) inside[count++] = values[at]!;
    }
  }
  return inside;
}
