// A convolution that doubles its image (of a nearest resize; the transpose of one with stride 2) computes every second row by one and the
// others by another small filter. Each such set of rows is a phase: all phases are computed on the coarse grid, then interleaved.
import type { Triple } from './image.ts';

/** One axis: every phase has the same number of taps on the coarse grid, and each is a sum of taps of the filter (perhaps of none). */
export interface PhaseAxis {
  readonly phases: readonly (readonly (readonly number[])[])[];
  /** Zeros around the coarse grid. */
  readonly before: number;
  readonly after: number;
}

/** Phase and position on the coarse grid of each fine index. */
export const placeOf = (fine: number, { phases }: PhaseAxis): readonly [phase: number, position: number] =>
  phases.length === 1 ? [0, fine] : [fine % 2, Math.floor((fine + 1) / 2)];

/** Where the coarse grid of a phase starts to hold fine values. */
export const firstOf = (phase: number): number => phase;

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

const single = (taps: readonly number[], before: number, after: number): PhaseAxis => ({
  phases: [taps.map((tap) => [tap])],
  before,
  after,
});

/** Nearest resizing by 2 and a filter of 3 taps: rows 2q see q-1 under tap 0 and q under both others, rows 2q+1 mirrored. */
const resized: PhaseAxis = {
  phases: [
    [[0], [1, 2]],
    [[0, 1], [2]],
  ],
  before: 1,
  after: 1,
};

/** Transpose of stride 2 and 3 taps: row 2q got tap 1 of q, row 2q+1 got tap 0 of q+1 and tap 2 of q. */
const strided: PhaseAxis = {
  phases: [
    [[], [1]],
    [[2], [0]],
  ],
  before: 1,
  after: 1,
};

/** How `conv(resizeNearest(x))` is said in phases; undefined where it is not. */
export const resizePhases = (
  scale: Triple,
  kernel: Triple,
  before: Triple,
  after: Triple,
): readonly PhaseAxis[] | undefined =>
  allOf([0, 1, 2], (axis) => {
    if (scale[axis] === 1) return single(range(kernel[axis]!), before[axis]!, after[axis]!);
    return scale[axis] === 2 && kernel[axis] === 3 && before[axis] === 1 && after[axis] === 1 ? resized : undefined;
  });

/** How the gradient of a convolution by its image is said in phases; undefined where it is not. */
export const transposedPhases = (
  { kernel, stride, before, after }: { kernel: Triple; stride: Triple; before: Triple; after: Triple },
  fine: Triple,
  coarse: Triple,
): readonly PhaseAxis[] | undefined =>
  allOf([0, 1, 2], (axis) => {
    const reach = kernel[axis]! - 1;
    if (stride[axis] === 1) {
      if (before[axis]! > reach || after[axis]! > reach) return undefined;
      return single(range(kernel[axis]!).toReversed(), reach - before[axis]!, reach - after[axis]!);
    }
    const halves = stride[axis] === 2 && kernel[axis] === 3 && before[axis] === 1;
    return halves && coarse[axis] === Math.ceil(fine[axis]! / 2) ? strided : undefined;
  });

function allOf<A, B>(items: readonly A[], of: (item: A) => B | undefined): readonly B[] | undefined {
  const results: B[] = [];
  for (const item of items) {
    const result = of(item);
    if (result === undefined) return undefined;
    results.push(result);
  }
  return results;
}
