import { sizeOf } from '../shape.ts';
import { forEachIndex, offsetOf, tabulate } from './indices.ts';
import type { Shape } from '../ops.ts';
import type { Kernels } from './kernel.ts';

/** Folds x [shape] into `reduced`, the same shape with size 1 along the folded axes. */
function reduce(
  x: Float64Array,
  shape: Shape,
  reduced: Shape,
  first: number,
  fold: (sum: number, value: number) => number,
): Float64Array {
  const values = new Float64Array(sizeOf(reduced)).fill(first);
  forEachIndex(shape, (index, offset) => {
    const to = offsetOf(index, reduced);
    values[to] = fold(values[to]!, x[offset]!);
  });
  return values;
}

const largestOf = (x: Float64Array, shape: Shape, reduced: Shape): Float64Array =>
  reduce(x, shape, reduced, -Infinity, Math.max);

/** x - max - log(sum(exp(x - max))) along one axis. */
function logSoftmax(x: Float64Array, shape: Shape, axis: number): Float64Array {
  const reduced = shape.map((extent, other) => (other === axis ? 1 : extent));
  const largest = largestOf(x, shape, reduced);
  const shifted = tabulate(shape, (index) => x[offsetOf(index, shape)]! - largest[offsetOf(index, reduced)]!);
  const total = reduce(shifted, shape, reduced, 0, (sum, value) => sum + Math.exp(value));
  return tabulate(shape, (index) => shifted[offsetOf(index, shape)]! - Math.log(total[offsetOf(index, reduced)]!));
}

export const reducing = {
  sum: ({ inputs: [source], shape }, [x]) => reduce(x!, source!.shape, shape, 0, (sum, value) => sum + value),
  reduceMax: ({ inputs: [source], shape }, [x]) => largestOf(x!, source!.shape, shape),
  argMax: ({ inputs: [source], attributes: { axis }, shape }, [x]) => {
    const largest = largestOf(x!, source!.shape, shape);
    const found = new Float64Array(sizeOf(shape)).fill(-1);
    forEachIndex(source!.shape, (index, offset) => {
      const to = offsetOf(index, shape);
      if (found[to] === -1 && x![offset] === largest[to]) found[to] = index[axis]!;
    });
    return found;
  },
  matmul: ({ inputs: [a, b], shape }, [left, right]) =>
    tabulate(shape, (index) => {
      const [row, column] = [index.at(-2)!, index.at(-1)!];
      const batch = index.slice(0, -2);
      let sum = 0;
      for (let k = 0; k < a!.shape.at(-1)!; k++)
        sum += left![offsetOf([...batch, row, k], a!.shape)]! * right![offsetOf([...batch, k, column], b!.shape)]!;
      return sum;
    }),
  softmax: ({ attributes: { axis }, shape }, [x]) => logSoftmax(x!, shape, axis).map(Math.exp),
  logSoftmax: ({ attributes: { axis }, shape }, [x]) => logSoftmax(x!, shape, axis),
} satisfies Partial<Kernels>;
