import { invariant } from '../../check/invariant.ts';
import { sizeOf } from '../shape.ts';
import { forEachIndex, offsetOf, tabulate } from './indices.ts';
import type { Shape } from '../ops.ts';
import type { Kernels } from './kernel.ts';

/** An index with one axis set to another place. */
const moved = (index: readonly number[], axis: number, to: number): readonly number[] =>
  index.map((i, other) => (other === axis ? to : i));

function place(indices: Float64Array, i: number, extent: number): number {
  const index = indices[i]!;
  invariant(Number.isInteger(index) && index >= 0 && index < extent, `index ${index} is not below ${extent}`);
  return index;
}

/** Which part of a concatenation holds position `at` of the joined axis, and where in the part. */
function partAt(shapes: readonly Shape[], axis: number, at: number): readonly [part: number, at: number] {
  let from = 0;
  for (const [part, shape] of shapes.entries()) {
    if (at < from + shape[axis]!) return [part, at - from];
    from += shape[axis]!;
  }
  throw new Error(`no part holds ${at}`);
}

export const moving = {
  reshape: (_, [x]) => x!.slice(),
  transpose: ({ inputs: [source], attributes: { permutation }, shape }, [x]) =>
    tabulate(shape, (index) => {
      const from = source!.shape.map((_, axis) => index[permutation.indexOf(axis)]!);
      return x![offsetOf(from, source!.shape)]!;
    }),
  broadcastTo: ({ inputs: [source], shape }, [x]) => tabulate(shape, (index) => x![offsetOf(index, source!.shape)]!),
  slice: ({ inputs: [source], attributes: { start, step }, shape }, [x]) =>
    tabulate(shape, (index) => {
      const from = index.map((i, axis) => start[axis]! + i * step[axis]!);
      return x![offsetOf(from, source!.shape)]!;
    }),
  pad: ({ inputs: [source], attributes: { low, interior }, shape }, [x]) => {
    const values = new Float64Array(sizeOf(shape));
    forEachIndex(source!.shape, (index, offset) => {
      const to = index.map((i, axis) => low[axis]! + i * (interior[axis]! + 1));
      values[offsetOf(to, shape)] = x![offset]!;
    });
    return values;
  },
  concat: ({ inputs, attributes: { axis }, shape }, operands) => {
    const shapes = inputs.map((part) => part.shape);
    return tabulate(shape, (index) => {
      const [part, at] = partAt(shapes, axis, index[axis]!);
      return operands[part]![offsetOf(moved(index, axis, at), shapes[part]!)]!;
    });
  },
  gather: ({ inputs: [source], attributes: { axis }, shape }, [x, indices]) =>
    tabulate(shape, (index) => {
      const from = place(indices!, index[axis]!, source!.shape[axis]!);
      return x![offsetOf(moved(index, axis, from), source!.shape)]!;
    }),
  scatterAdd: ({ inputs: [source], attributes: { axis, size }, shape }, [x, indices]) => {
    const values = new Float64Array(sizeOf(shape));
    forEachIndex(source!.shape, (index, offset) => {
      values[offsetOf(moved(index, axis, place(indices!, index[axis]!, size)), shape)]! += x![offset]!;
    });
    return values;
  },
  resizeNearest: ({ inputs: [source], attributes: { scale }, shape }, [x]) =>
    tabulate(shape, (index) => {
      const from = index.map((i, axis) => (axis < 2 ? i : Math.floor(i / scale[axis - 2]!)));
      return x![offsetOf(from, source!.shape)]!;
    }),
} satisfies Partial<Kernels>;
