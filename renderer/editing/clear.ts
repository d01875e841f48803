import type { LabelDiff } from './diff.ts';
import type { EditRules, Labels } from './labels.ts';
import { Recorder } from './recorder.ts';
import { structureBox } from './structureBox.ts';

/** Makes background of a structure, unless it is locked. */
export function clearStructure(labels: Labels, label: number, rules: EditRules): LabelDiff {
  const recorder = new Recorder(labels, { ...rules, overwrite: new Set([label]) });
  const box = structureBox(labels, label, [0, 0, 0]);
  box?.mask.forEach((inside, voxel) => {
    if (inside === 1) recorder.write(box.offsetOf(voxel), 0);
  });
  return recorder.take();
}
