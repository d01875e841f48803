import type { Grid } from '../../ml/volume/grid.ts';
import { indexMap } from '../../ml/volume/indexMap.ts';
import { type SliceAxis, sliceScores } from '../../ml/uncertainty/sliceRanking.ts';

/**
 * How uncertain each slice of an aligned view is: the numbers by which the host ranks slices, in the view's own order.
 *
 * @param band    Uint8Array [k, j, i] on `volume`, 1 around the boundary (`boundaryBand`).
 * @param entropy Float32Array [k, j, i], bits.
 * @returns       Bits, one number a slice of the view.
 */
export function viewScores(view: Grid, volume: Grid, band: Uint8Array, entropy: Float32Array): Float64Array {
  const step = indexMap(view, volume).steps[2].map(Math.round);
  const axis = step.findIndex((size) => size !== 0) as 0 | 1 | 2;
  const names: readonly [SliceAxis, SliceAxis, SliceAxis] = ['i', 'j', 'k'];
  const scores = sliceScores(band, entropy, volume, names[axis]);
  return step[axis] === -1 ? scores.reverse() : scores;
}

/**
 * Slices to look at, the worst first: those more uncertain than their neighbours, so that each is another place.
 *
 * @param scores One number a slice.
 */
export function uncertainPlaces(scores: ArrayLike<number>): number[] {
  const at = (slice: number) => scores[slice] ?? 0;
  return Array.from(scores, (_, slice) => slice)
    .filter((slice) => at(slice) > at(slice - 1) && at(slice) >= at(slice + 1))
    .sort((a, b) => at(b) - at(a) || a - b);
}

/** The place after the one shown; the worst where none is shown or all were seen. `undefined` where all is certain. */
export function nextUncertainPlace(places: readonly number[], shown: number): number | undefined {
  return places[(places.indexOf(shown) + 1) % places.length];
}
