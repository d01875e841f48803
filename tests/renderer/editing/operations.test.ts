import { beforeAll, describe, expect, it } from 'vitest';
import { byCorners, byFaces } from '../../../ml/volume/connectedParts.ts';
import { indexPoint } from '../../../ml/volume/space.ts';
import { clearStructure } from '../../../renderer/editing/clear.ts';
import { floodFill } from '../../../renderer/editing/flood.ts';
import { fillHoles } from '../../../renderer/editing/holes.ts';
import { keepLargestIsland, removeSmallIslands } from '../../../renderer/editing/islands.ts';
import type { Labels } from '../../../renderer/editing/labels.ts';
import { grow, shrink, smooth } from '../../../renderer/editing/margin.ts';
import { countVoxels } from '../../../renderer/editing/statistics.ts';
import { runPython } from '../../support/python.ts';
import { blobGrid, blobs, free } from './volumes.ts';

const seed = indexPoint(9, 6, 5);
const image = Int16Array.from({ length: 17 * 14 * 11 }, (_, n) =>
  Math.round(100 * Math.sin(n / 40) + 60 * Math.cos(n / 900)),
);
const inRange = { values: image, low: -30, high: 160 };

/** Each operation by its name, as ours does it. */
const operations: Readonly<Record<string, (labels: Labels) => unknown>> = {
  'largest by faces': (labels) => keepLargestIsland(labels, 1, byFaces, free),
  'largest by corners': (labels) => keepLargestIsland(labels, 2, byCorners, free),
  'small by faces': (labels) => removeSmallIslands(labels, 1, byFaces, 8, free),
  'small by corners': (labels) => removeSmallIslands(labels, 2, byCorners, 14, free),
  'holes of the volume': (labels) => fillHoles(labels, 1, 'volume', free),
  'holes across 0': (labels) => fillHoles(labels, 1, { slicesAcross: 0 }, free),
  'holes across 1': (labels) => fillHoles(labels, 1, { slicesAcross: 1 }, free),
  'holes across 2': (labels) => fillHoles(labels, 1, { slicesAcross: 2 }, free),
  'grow 2.6': (labels) => grow(labels, 2, 2.6, free),
  'grow 1.3': (labels) => grow(labels, 1, 1.3, free),
  'shrink 1.3': (labels) => shrink(labels, 1, 1.3, free),
  'shrink 2': (labels) => shrink(labels, 1, 2, free),
  'smooth 1.3': (labels) => smooth(labels, 1, 1.3, free),
  'smooth 2': (labels) => smooth(labels, 2, 2, free),
  'flood label': (labels) => floodFill(labels, { seed, label: 3, extent: 'volume' }, free),
  'flood label in slice': (labels) => floodFill(labels, { seed, label: 3, extent: { sliceAcross: 1 } }, free),
  'flood range': (labels) => floodFill(labels, { seed, label: 3, extent: 'volume' }, { ...free, range: inRange }),
  'flood range near': (labels) =>
    floodFill(labels, { seed, label: 3, extent: 'volume', radius: 6 }, { ...free, range: inRange }),
};

const script = `
import sys, json, numpy as np
from scipy import ndimage as nd
work = json.load(sys.stdin)
shape, spacing = work['shape'][::-1], work['spacing'][::-1]
labels = np.array(work['labels']).reshape(shape); image = np.array(work['image']).reshape(shape)
faces, corners = nd.generate_binary_structure(3, 1), np.ones((3, 3, 3))
seed = tuple(work['seed'][::-1])
def islands(value, structure, keep):
    parts, count = nd.label(labels == value, structure); sizes = np.bincount(parts.ravel())
    out = labels.copy(); gone = [n for n in range(1, count + 1) if not keep(n, sizes)]
    out[np.isin(parts, gone)] = 0
    return out
def largest(n, sizes): return n == 1 + np.argmax(sizes[1:])
def holes(axis):
    out = labels.copy()
    if axis is None: out[nd.binary_fill_holes(labels == 1)] = 1; return out
    for n in range(shape[axis]):
        at = [slice(None)] * 3; at[axis] = n; at = tuple(at)
        out[at] = np.where(nd.binary_fill_holes(labels[at] == 1), 1, labels[at])
    return out
def grown(value, mm):
    out = labels.copy(); out[nd.distance_transform_edt(labels != value, sampling=spacing) <= mm * (1 + 1e-9)] = value; return out
def shrunk(value, mm):
    out = labels.copy(); near = nd.distance_transform_edt(labels == value, sampling=spacing) <= mm * (1 + 1e-9)
    out[(labels == value) & near] = 0; return out
def dilated(mask, mm): return nd.distance_transform_edt(~mask, sampling=spacing) <= mm * (1 + 1e-9)
def eroded(mask, mm): return ~dilated(~mask, mm)
def smoothed(value, mm):
    mask = np.pad(labels == value, 5, mode='edge')
    mask = eroded(dilated(mask, mm), mm); mask = dilated(eroded(mask, mm), mm)[5:-5, 5:-5, 5:-5]
    out = labels.copy(); out[labels == value] = 0; out[mask] = value; return out
def flood(mask, structure=faces):
    parts, _ = nd.label(mask, structure); out = labels.copy(); out[parts == parts[seed]] = 3; return out
flat = faces.copy(); flat[:, 0, :] = 0; flat[:, 2, :] = 0
grid = np.meshgrid(*[(np.arange(n) - s) * mm for n, s, mm in zip(shape, seed, spacing)], indexing='ij')
near = sum(g ** 2 for g in grid) <= 36
wanted = (image >= -30) & (image <= 160)
result = {
  'largest by faces': islands(1, faces, largest), 'largest by corners': islands(2, corners, largest),
  'small by faces': islands(1, faces, lambda n, s: s[n] >= 8), 'small by corners': islands(2, corners, lambda n, s: s[n] >= 14),
  'holes of the volume': holes(None), 'holes across 0': holes(2), 'holes across 1': holes(1), 'holes across 2': holes(0),
  'grow 2.6': grown(2, 2.6), 'grow 1.3': grown(1, 1.3), 'shrink 1.3': shrunk(1, 1.3), 'shrink 2': shrunk(1, 2),
  'smooth 1.3': smoothed(1, 1.3), 'smooth 2': smoothed(2, 2),
  'flood label': flood(labels == labels[seed]), 'flood label in slice': flood(labels == labels[seed], flat),
  'flood range': flood(wanted), 'flood range near': flood(wanted & near),
}
print(json.dumps({name: out.ravel().tolist() for name, out in result.items()}))`;

let expected: Readonly<Record<string, number[]>>;
beforeAll(async () => {
  const labels = Array.from(blobs().data);
  const work = { ...blobGrid, labels, image: Array.from(image), seed };
  expected = await runPython(script, [], { input: JSON.stringify(work) });
});

describe('operations agree with scipy', () => {
  it.each(Object.keys(operations))('%s', (name) => {
    const labels = blobs();
    operations[name]!(labels);
    expect(Array.from(labels.data)).toEqual(expected[name]);
    expect(expected[name]).not.toEqual(Array.from(blobs().data));
  });
});

describe('operations', () => {
  it('do nothing for a structure without voxels', () => {
    for (const operate of [
      (labels: Labels) => keepLargestIsland(labels, 9, byFaces, free),
      (labels: Labels) => fillHoles(labels, 9, 'volume', free),
      (labels: Labels) => grow(labels, 9, 5, free),
      (labels: Labels) => shrink(labels, 9, 5, free),
      (labels: Labels) => clearStructure(labels, 9, free),
    ]) {
      const labels = blobs();
      expect(operate(labels).runs).toHaveLength(0);
      expect(labels.data).toEqual(blobs().data);
    }
  });

  it('clear all of a structure and nothing else', () => {
    const labels = blobs();
    clearStructure(labels, 2, free);
    expect(labels.data).toEqual(blobs().data.map((label) => (label === 2 ? 0 : label)));
    expect(countVoxels(blobs())[2]).toBeGreaterThan(0);
  });

  it('remove islands though the brush may paint on background only', () => {
    const labels = blobs();
    keepLargestIsland(labels, 1, byFaces, { ...free, overwrite: 'background' });
    expect(Array.from(labels.data)).toEqual(expected['largest by faces']);
  });

  it('keep islands that are just large enough', () => {
    const labels = line([1, 1, 0, 1, 1, 1, 0, 1]);
    removeSmallIslands(labels, 1, byFaces, 2, free);
    expect(Array.from(labels.data)).toEqual([1, 1, 0, 1, 1, 1, 0, 0]);
  });

  it('shrink a structure from all sides, and not from the edge of the image', () => {
    const labels = line([1, 1, 1, 0, 1, 1, 1, 0]);
    shrink(labels, 1, 1, free);
    expect(Array.from(labels.data)).toEqual([1, 1, 0, 0, 0, 1, 0, 0]);
  });

  it('smooth a small structure without growing it, and one that is too thin away', () => {
    const labels = line([0, 0, 1, 1, 1, 0, 0, 0, 2, 0]);
    smooth(labels, 1, 1, free);
    smooth(labels, 2, 1, free);
    expect(Array.from(labels.data)).toEqual([0, 0, 1, 1, 1, 0, 0, 0, 0, 0]);
  });

  it('fill no farther than a locked structure, and through what has the label', () => {
    const range = { values: new Uint8Array(8), low: 0, high: 0 };
    const flood = { seed: indexPoint(0, 0, 0), label: 3, extent: 'volume' } as const;
    const labels = line([0, 0, 3, 0, 1, 0, 0, 0]);
    floodFill(labels, flood, { locked: new Set([1]), overwrite: 'background', range });
    expect(Array.from(labels.data)).toEqual([3, 3, 3, 3, 1, 0, 0, 0]);
  });
});

/** A row of voxels of 1 mm. */
function line(labels: readonly number[]): Labels {
  const grid = { ...blobGrid, shape: [labels.length, 1, 1], spacing: [1, 1, 1] } as const;
  return { grid, channels: 1, data: Uint8Array.from(labels) };
}
