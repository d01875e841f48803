import { joinDiffs, type LabelDiff, noChange } from './diff.ts';
import type { EditRules, Labels } from './labels.ts';
import { closeAndOpen, dilate, erode, type Mask } from './morphology.ts';
import { Recorder } from './recorder.ts';
import { type StructureBox, structureBox } from './structureBox.ts';

/** Gives a structure all within a distance of it. @param distance In the grid's unit (mm). */
export function grow(labels: Labels, label: number, distance: number, rules: EditRules): LabelDiff {
  return reshape(labels, label, distance, rules, (mask) => dilate(mask, distance));
}

/** Takes from a structure all within a distance of what is not it. The edge of the image is not a border of the structure. */
export function shrink(labels: Labels, label: number, distance: number, rules: EditRules): LabelDiff {
  return reshape(labels, label, distance, rules, (mask) => erode(mask, distance));
}

/** Closes gaps, then takes off spurs, that are narrower than twice a distance. What is thinner than that goes. */
export function smooth(labels: Labels, label: number, distance: number, rules: EditRules): LabelDiff {
  return reshape(labels, label, distance, rules, (mask) => closeAndOpen(mask, distance));
}

/** Makes a structure what becomes of its mask. @param reach How far from the structure that can lie. */
function reshape(
  labels: Labels,
  label: number,
  reach: number,
  rules: EditRules,
  change: (mask: Mask) => Mask,
): LabelDiff {
  const { spacing } = labels.grid;
  const margin = (axis: 0 | 1 | 2) => Math.ceil(reach / spacing[axis]);
  const box = structureBox(labels, label, [margin(0), margin(1), margin(2)]);
  if (box === undefined) return noChange;
  const changed = change({ shape: box.shape, spacing, data: box.mask });
  return writeMask(labels, label, rules, box, changed.data);
}

function writeMask(labels: Labels, label: number, rules: EditRules, box: StructureBox, wanted: Uint8Array): LabelDiff {
  const gaining = new Recorder(labels, rules);
  // What a brush may paint over says nothing about what a structure may lose: only its lock does.
  const losing = new Recorder(labels, { ...rules, overwrite: new Set([label]) });
  for (let voxel = 0; voxel < wanted.length; voxel++) {
    const inside = wanted[voxel]!;
    if (inside === box.mask[voxel]) continue;
    if (inside === 0) losing.write(box.offsetOf(voxel), 0);
    if (inside === 1 && gaining.mayGain(label)) gaining.write(box.offsetOf(voxel), label);
  }
  return joinDiffs([losing.take(), gaining.take()]);
}
