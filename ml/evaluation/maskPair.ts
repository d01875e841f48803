import { invariant } from '../check/invariant.ts';
import type { Grid, Vector3 } from '../volume/grid.ts';
import type { VoxelArray } from '../volume/volume.ts';

/** Two binary masks `[k, j, i]` of 0 and 1 on one small grid. Outside it both are empty. */
export interface MaskPair {
  readonly shape: Vector3;
  readonly spacing: Vector3;
  /** 2 for a picture: its one slice has no surface towards k. */
  readonly dimensions: 2 | 3;
  readonly prediction: Uint8Array;
  readonly reference: Uint8Array;
}

/**
 * The masks of one label value, cropped to the bounding box of their union.
 *
 * @param prediction,reference Integer labels `[k, j, i]` on `grid`.
 * @returns undefined where both masks are empty.
 */
export function cropMasks(
  prediction: VoxelArray,
  reference: VoxelArray,
  grid: Grid,
  value: number,
): MaskPair | undefined {
  const box = unionBox(prediction, reference, grid.shape, value);
  if (box === undefined) return undefined;
  const shape = [box.to[0] - box.from[0], box.to[1] - box.from[1], box.to[2] - box.from[2]] as const;
  const crop = (labels: VoxelArray) => {
    const mask = new Uint8Array(shape[0] * shape[1] * shape[2]);
    let target = 0;
    for (let k = box.from[2]; k < box.to[2]; k++) {
      for (let j = box.from[1]; j < box.to[1]; j++) {
        let source = (k * grid.shape[1] + j) * grid.shape[0] + box.from[0];
        for (let i = 0; i < shape[0]; i++) mask[target++] = labels[source++] === value ? 1 : 0;
      }
    }
    return mask;
  };
  const dimensions = grid.shape[2] === 1 ? 2 : 3;
  return { shape, spacing: grid.spacing, dimensions, prediction: crop(prediction), reference: crop(reference) };
}

/** The smallest box, half-open `[from, to)` in voxel indices (i, j, k), with every voxel of `value` in either array. */
function unionBox(prediction: VoxelArray, reference: VoxelArray, shape: Vector3, value: number) {
  const [width, height, depth] = shape;
  invariant(
    prediction.length === width * height * depth && reference.length === prediction.length,
    'labels fill their grid',
  );
  const from: [number, number, number] = [width, height, depth];
  const to: [number, number, number] = [0, 0, 0];
  let v = 0;
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++, v++) {
        if (prediction[v] !== value && reference[v] !== value) continue;
        if (i < from[0]) from[0] = i;
        if (i >= to[0]) to[0] = i + 1;
        if (j < from[1]) from[1] = j;
        if (j >= to[1]) to[1] = j + 1;
        if (k < from[2]) from[2] = k;
        to[2] = k + 1;
      }
    }
  }
  return to[0] === 0 ? undefined : { from, to };
}
