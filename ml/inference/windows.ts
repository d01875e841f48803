import { invariant } from '../check/invariant.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Shape } from '../graph/ops.ts';

/** Indices [k, j, i] of the first voxel of a patch; negative or reaching past the end where the patch is larger than the volume. */
export type WindowStart = readonly number[];

/** Patches that cover a volume, neighbours sharing at least half (nnU-Net's step). Shapes are [k, j, i]. */
export function windowStarts(shape: Shape, patch: Shape): readonly WindowStart[] {
  return shape
    .map((extent, axis) => axisStarts(extent, patch[axis]!))
    .reduce<readonly WindowStart[]>(
      (starts, axis) => starts.flatMap((start) => axis.map((from) => [...start, from])),
      [[]],
    );
}

function axisStarts(extent: number, patch: number): readonly number[] {
  if (extent <= patch) return [0 - Math.floor((patch - extent) / 2)];
  const steps = Math.ceil((extent - patch) / Math.max(1, patch / 2));
  return Array.from({ length: steps + 1 }, (_, i) => Math.round((i * (extent - patch)) / steps));
}

/** Weight of each voxel of a patch: a Gaussian of an eighth of the patch, so that borders, seen with little context, count little. */
export function gaussianWeights(patch: Shape): Float32Array {
  const along = patch.map((extent) =>
    Float64Array.from({ length: extent }, (_, i) => Math.exp(-0.5 * ((i - (extent - 1) / 2) / (extent / 8)) ** 2)),
  );
  const weights = new Float32Array(sizeOf(patch));
  const [depth, height, width] = [along[0]!, along[1]!, along[2]!];
  let at = 0;
  for (const wk of depth) for (const wj of height) for (const wi of width) weights[at++] = Math.max(wk * wj * wi, 1e-4);
  return weights;
}

/** Copies a window out of a volume [c, k, j, i]; outside of it there are zeros, as in training. */
export function readWindow(volume: Float32Array, shape: Shape, patch: Shape, start: WindowStart): Float32Array {
  const channels = volume.length / sizeOf(shape);
  const window = new Float32Array(channels * sizeOf(patch));
  eachRow(shape, patch, start, channels, (from, to, length) => {
    window.set(volume.subarray(from, from + length), to);
  });
  return window;
}

/** Adds a window [k, ...patch] times its weights to a volume, and the weights to `total` [k, j, i] where given. */
export function addWindow(
  volume: Float32Array,
  shape: Shape,
  window: Float32Array,
  patch: Shape,
  start: WindowStart,
  weights: Float32Array,
): void {
  const channels = volume.length / sizeOf(shape);
  invariant(window.length === channels * weights.length, 'a window has every class of the patch');
  eachRow(shape, patch, start, channels, (to, from, length) => {
    const weightFrom = from % weights.length;
    for (let i = 0; i < length; i++) volume[to + i]! += window[from + i]! * weights[weightFrom + i]!;
  });
}

/** Every row of the overlap of volume and window: where it starts in each, and its length. */
function eachRow(
  [depth, height, width]: Shape,
  [patchDepth, patchHeight, patchWidth]: Shape,
  start: WindowStart,
  channels: number,
  visit: (inVolume: number, inWindow: number, length: number) => void,
): void {
  const from = start.map((at) => Math.max(0, -at));
  const to = [patchDepth!, patchHeight!, patchWidth!].map((extent, axis) =>
    Math.min(extent, [depth!, height!, width!][axis]! - start[axis]!),
  );
  const length = to[2]! - from[2]!;
  for (let c = 0; c < channels; c++)
    for (let k = from[0]!; k < to[0]!; k++)
      for (let j = from[1]!; j < to[1]!; j++) {
        const row = (c * depth! + k + start[0]!) * height! + j + start[1]!;
        const inWindow = ((c * patchDepth! + k) * patchHeight! + j) * patchWidth! + from[2]!;
        visit(row * width! + start[2]! + from[2]!, inWindow, length);
      }
}
