import { Problem } from '../../ml/check/problem.ts';
import type { Vector3 } from '../../ml/volume/grid.ts';
import type { Labels } from './labels.ts';

/**
 * What an operation changed. Runs hold in their order: a later one may change again what an earlier one did.
 * Uint32Array [n, 4]: offset of the first voxel in data `[k, j, i]`, number of voxels, label before, label after.
 */
export interface LabelDiff {
  readonly runs: Uint32Array;
}

export const noChange: LabelDiff = { runs: new Uint32Array(0) };

/** One diff that does what all do, in their order. */
export function joinDiffs(diffs: readonly LabelDiff[]): LabelDiff {
  const runs = new Uint32Array(diffs.reduce((sum, diff) => sum + diff.runs.length, 0));
  let at = 0;
  for (const diff of diffs) {
    runs.set(diff.runs, at);
    at += diff.runs.length;
  }
  return { runs };
}

/** The diff that undoes a diff. */
export function invertDiff({ runs }: LabelDiff): LabelDiff {
  const inverted = new Uint32Array(runs.length);
  for (let from = 0, to = runs.length - 4; from < runs.length; from += 4, to -= 4) {
    inverted[to] = runs[from]!;
    inverted[to + 1] = runs[from + 1]!;
    inverted[to + 2] = runs[from + 3]!;
    inverted[to + 3] = runs[from + 2]!;
  }
  return { runs: inverted };
}

/** @throws Problem `data` where a voxel has not the label that the diff found there: it was made of other labels. */
export function applyDiff({ data }: Labels, { runs }: LabelDiff): void {
  for (let run = 0; run < runs.length; run += 4) {
    const [start, length, before, after] = [runs[run]!, runs[run + 1]!, runs[run + 2]!, runs[run + 3]!];
    for (let voxel = start; voxel < start + length; voxel++) {
      // Past the end there is `undefined`, which is no label either.
      if (data[voxel] !== before) throw foreignDiff();
      data[voxel] = after;
    }
  }
}

const foreignDiff = () =>
  new Problem(
    'data',
    'a change does not fit the segmentation that it should change',
    'saved edits',
    'The segmentation was changed by another program: keep it as it is, or restore the one that was edited.',
  );

/** A box of voxels, both corners included. */
export interface Region {
  readonly low: Vector3;
  readonly high: Vector3;
}

/** The smallest box around all that changed; `undefined` where nothing did. */
export function diffRegion({ runs }: LabelDiff, [width, height]: Vector3): Region | undefined {
  if (runs.length === 0) return undefined;
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  const include = (i: number, row: number) => {
    for (const [axis, index] of [i, row % height, Math.floor(row / height)].entries()) {
      low[axis] = Math.min(low[axis]!, index);
      high[axis] = Math.max(high[axis]!, index);
    }
  };
  for (let run = 0; run < runs.length; run += 4) {
    const [first, last] = [runs[run]!, runs[run]! + runs[run + 1]! - 1];
    const [firstRow, lastRow] = [Math.floor(first / width), Math.floor(last / width)];
    // A run that goes on in the next row has the end of one and the beginning of the other.
    include(first % width, firstRow);
    include(last % width, lastRow);
    for (let row = firstRow; row < lastRow; row++) {
      include(width - 1, row);
      include(0, row + 1);
    }
  }
  return { low, high };
}
