import { byFaces, connectedParts, withinSlices } from '../../ml/volume/connectedParts.ts';
import type { LabelDiff } from './diff.ts';
import type { EditRules, Labels } from './labels.ts';
import { Recorder } from './recorder.ts';
import { type StructureBox, structureBox } from './structureBox.ts';

/** Where holes are looked for: in the whole volume, or in each slice across an index axis by itself. */
export type HoleSearch = 'volume' | { readonly slicesAcross: 0 | 1 | 2 };

/** Gives a structure what it encloses: all that is not connected, by faces, with the edge of the image without crossing it. */
export function fillHoles(labels: Labels, label: number, search: HoleSearch, rules: EditRules): LabelDiff {
  const recorder = new Recorder(labels, rules);
  const box = structureBox(labels, label, [0, 0, 0]);
  if (box === undefined || !recorder.mayGain(label)) return recorder.take();
  const outside = box.mask.map((inside) => 1 - inside);
  const neighbourhood = search === 'volume' ? byFaces : withinSlices(byFaces, search.slicesAcross);
  const axes = ([0, 1, 2] as const).filter((axis) => search === 'volume' || axis !== search.slicesAcross);
  const touchesEdge = edgeTest(box, axes);
  for (const part of connectedParts(outside, box.shape, neighbourhood)) {
    if (part.some(touchesEdge)) continue;
    for (const voxel of part.toSorted()) recorder.write(box.offsetOf(voxel), label);
  }
  return recorder.take();
}

/** Whether a voxel lies at either end of one of the axes: nothing of the structure is beyond it. */
function edgeTest({ shape }: StructureBox, axes: readonly (0 | 1 | 2)[]) {
  const strides = [1, shape[0], shape[0] * shape[1]] as const;
  return (voxel: number) =>
    axes.some((axis) => {
      const index = Math.floor(voxel / strides[axis]) % shape[axis];
      return index === 0 || index === shape[axis] - 1;
    });
}
