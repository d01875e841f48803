import type { Structure } from '../../main/contract/segmentations.ts';
import { applyDiff, invertDiff, joinDiffs, type LabelDiff } from './diff.ts';
import { type Labels, withRoomFor } from './labels.ts';

/** A segmentation as it is edited. */
export interface Edited {
  readonly labels: Labels;
  readonly structures: readonly Structure[];
}

/** One thing that a person did, and can undo. */
export interface Step {
  /** What it was, for the menu: `Brush`. */
  readonly name: string;
  readonly diff: LabelDiff;
  /** The structure table, where it changed. */
  readonly structures?: { readonly before: readonly Structure[]; readonly after: readonly Structure[] } | undefined;
}

/**
 * Does a step. Labels are written in place, unless one needs wider voxels.
 *
 * @throws Problem `data` where the step was made of other labels.
 */
export function applyStep({ labels, structures }: Edited, step: Step): Edited {
  const wide = withRoomFor(labels, highestLabel(step.diff));
  applyDiff(wide, step.diff);
  return { labels: wide, structures: step.structures?.after ?? structures };
}

/** The step that undoes a step. */
export function invertStep({ name, diff, structures }: Step): Step {
  const turned = structures && { before: structures.after, after: structures.before };
  return { name, diff: invertDiff(diff), structures: turned };
}

/** A stroke's diffs, and what else was done at one go, as one step. */
export const stepOf = (name: string, diffs: readonly LabelDiff[]): Step => ({ name, diff: joinDiffs(diffs) });

function highestLabel({ runs }: LabelDiff): number {
  let highest = 0;
  for (let run = 0; run < runs.length; run += 4) highest = Math.max(highest, runs[run + 3]!);
  return highest;
}
