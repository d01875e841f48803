import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byCorners, byFaces, connectedParts, withinSlices } from '../../../ml/volume/connectedParts.ts';
import type { Vector3 } from '../../../ml/volume/grid.ts';
import { runPython } from '../../support/python.ts';

const shape: Vector3 = [7, 6, 5];
const masks = fc.uint8Array({ min: 0, max: 1, minLength: 210, maxLength: 210 });

const script = `
import sys, json, numpy as np
from scipy import ndimage as nd
mask = np.array(json.load(sys.stdin)).reshape(5, 6, 7)
faces = nd.generate_binary_structure(3, 1); corners = np.ones((3, 3, 3)); flat = faces.copy(); flat[0] = flat[2] = 0
def parts(structure):
    labels, count = nd.label(mask, structure); labels = labels.ravel()
    return sorted(np.flatnonzero(labels == n).tolist() for n in range(1, count + 1))
print(json.dumps([parts(s) for s in (faces, corners, flat)]))`;

describe('connectedParts', () => {
  it('are those of scipy, by faces, by corners and slice by slice', async () => {
    const mask = Uint8Array.from({ length: 210 }, (_, n) => ((n * n * 31 + n * 7) % 11 < 4 ? 1 : 0));
    const ours = [byFaces, byCorners, withinSlices(byFaces, 2)].map((neighbourhood) =>
      connectedParts(mask, shape, neighbourhood).map((part) => Array.from(part.toSorted())),
    );
    const theirs = await runPython<number[][][]>(script, [], { input: JSON.stringify(Array.from(mask)) });
    for (const parts of theirs) parts.sort((a, b) => a[0]! - b[0]!);
    expect(ours).toEqual(theirs);
    expect(new Set(ours.map((parts) => parts.length)).size).toBe(3);
  });

  it('hold every voxel inside once and leave the mask as it is', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const before = mask.slice();
        const voxels = connectedParts(mask, shape, byFaces).flatMap((part) => Array.from(part));
        expect(voxels.sort((a, b) => a - b)).toEqual(Array.from(mask.keys()).filter((n) => mask[n] === 1));
        expect(mask).toEqual(before);
      }),
    );
  });

  it('have 6, 26 and 4 neighbours to go to', () => {
    expect([byFaces, byCorners, withinSlices(byFaces, 0)].map((steps) => steps.length)).toEqual([6, 26, 4]);
  });
});
