import { connectedParts, type Neighbourhood } from '../../ml/volume/connectedParts.ts';
import type { LabelDiff } from './diff.ts';
import type { EditRules, Labels } from './labels.ts';
import { Recorder } from './recorder.ts';
import { structureBox } from './structureBox.ts';

/** Keeps the largest connected part of a structure; the others become background. Of equals the first is kept. */
export function keepLargestIsland(
  labels: Labels,
  label: number,
  neighbourhood: Neighbourhood,
  rules: EditRules,
): LabelDiff {
  return removeParts(labels, label, neighbourhood, rules, (parts) => {
    const largest = parts.reduce((best, part) => (part.length > best.length ? part : best));
    return parts.filter((part) => part !== largest);
  });
}

/** Removes the connected parts of a structure that have fewer voxels than `least`. */
export function removeSmallIslands(
  labels: Labels,
  label: number,
  neighbourhood: Neighbourhood,
  least: number,
  rules: EditRules,
): LabelDiff {
  return removeParts(labels, label, neighbourhood, rules, (parts) => parts.filter((part) => part.length < least));
}

/** @param choose Those to be removed, of at least one. */
function removeParts(
  labels: Labels,
  label: number,
  neighbourhood: Neighbourhood,
  rules: EditRules,
  choose: (parts: readonly Uint32Array[]) => readonly Uint32Array[],
): LabelDiff {
  // Removing a part of a structure is the wish itself: what brushes may overwrite says nothing about it, only locks do.
  const recorder = new Recorder(labels, { ...rules, overwrite: new Set([label]) });
  const box = structureBox(labels, label, [0, 0, 0]);
  if (box === undefined) return recorder.take();
  for (const part of choose(connectedParts(box.mask, box.shape, neighbourhood))) {
    for (const voxel of part.toSorted()) recorder.write(box.offsetOf(voxel), 0);
  }
  return recorder.take();
}
