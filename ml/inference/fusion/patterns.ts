import { invariant } from '../../check/invariant.ts';

/** Voxels on which the samples say the same together. There are few such patterns: most voxels are background in all. */
export interface Pattern {
  /** Class of each sample. */
  readonly labels: readonly number[];
  readonly voxels: number;
}

/**
 * @param samples Class indices `[k, j, i]`, at least one, all of one size.
 * @returns The patterns that occur, and for each voxel its place among them.
 */
export function patternsOf(samples: readonly Uint8Array[]): {
  readonly patterns: readonly Pattern[];
  readonly placeOf: Uint32Array;
} {
  const [first, ...others] = samples;
  invariant(first && others.every(({ length }) => length === first.length), 'samples are of one size');
  const places = new Map<string, number>();
  const counts: number[] = [];
  const placeOf = new Uint32Array(first.length);
  for (let v = 0; v < first.length; v++) {
    let key = '';
    for (const sample of samples) key += String.fromCharCode(sample[v]!);
    let place = places.get(key);
    if (place === undefined) {
      place = counts.length;
      places.set(key, place);
      counts.push(0);
    }
    counts[place]!++;
    placeOf[v] = place;
  }
  const labelsOf = (key: string): number[] => Array.from(key, (letter) => letter.charCodeAt(0));
  return { patterns: [...places.keys()].map((key, n) => ({ labels: labelsOf(key), voxels: counts[n]! })), placeOf };
}
