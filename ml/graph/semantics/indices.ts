import { sizeOf } from '../shape.ts';
import type { Shape } from '../ops.ts';

/** Visits every index of `shape`, row-major. The index is one array that changes: copy what is kept. */
export function forEachIndex(shape: Shape, visit: (index: readonly number[], offset: number) => void): void {
  const index = shape.map(() => 0);
  const size = sizeOf(shape);
  for (let offset = 0; offset < size; offset++) {
    visit(index, offset);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
}

/** Row-major position of `index` in an array of `shape`. Along axes of size 1 every index means 0, which is broadcasting. */
export const offsetOf = (index: readonly number[], shape: Shape): number =>
  shape.reduce((offset, extent, axis) => offset * extent + (extent === 1 ? 0 : index[axis]!), 0);

/** The array of `shape` whose value at each index is `valueAt` it. */
export function tabulate(shape: Shape, valueAt: (index: readonly number[]) => number): Float64Array {
  const values = new Float64Array(sizeOf(shape));
  forEachIndex(shape, (index, offset) => {
    values[offset] = valueAt(index);
  });
  return values;
}
