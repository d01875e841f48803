import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Grid } from '../../../ml/volume/grid.ts';
import { gridWithSpacing } from '../../../ml/volume/resampleToSpacing.ts';
import { resample, resampleSlab } from '../../../ml/volume/resample.ts';
import { indexPoint, indexToWorld } from '../../../ml/volume/space.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import { runPython } from '../../support/python.ts';
import { grids, multiply, numbered, rotation } from './grids.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resample-'));
});
afterAll(() => rm(folder, { recursive: true }));

const source: Grid = {
  shape: [23, 17, 11],
  spacing: [0.8, 1.1, 2.3],
  unit: 'mm',
  origin: [-31, 12, 55],
  direction: multiply(rotation(0.3, -0.2, 0.1), [0, -1, 0, 1, 0, 0, 0, 0, 1]),
};

/** The grid moved so that its centre lies 1.3, -0.7, 0.9 mm from that of the source. */
function aboutSource(grid: Grid): Grid {
  const middle = (g: Grid) =>
    indexToWorld(g, indexPoint((g.shape[0] - 1) / 2, (g.shape[1] - 1) / 2, (g.shape[2] - 1) / 2));
  const [to, from] = [middle(source), middle({ ...grid, origin: [0, 0, 0] })];
  return { ...grid, origin: [to[0] - from[0] + 1.3, to[1] - from[1] - 0.7, to[2] - from[2] + 0.9] };
}

const targets: Readonly<Record<string, Grid>> = {
  finer: gridWithSpacing(source, [0.47, 0.53, 0.71]),
  coarser: gridWithSpacing(source, [1.9, 2.1, 5.3]),
  'shifted along its axes': aboutSource(gridWithSpacing(source, [0.9, 0.9, 0.9])),
  turned: aboutSource({
    ...source,
    shape: [31, 29, 27],
    spacing: [0.93, 0.97, 1.01],
    direction: rotation(-0.4, 0.7, 2),
  }),
  flipped: aboutSource({ ...source, direction: multiply(source.direction, [0, 0, -1, 0, 1, 0, -1, 0, 0]) }),
};

const script = `
import sys, json, numpy as np, SimpleITK as sitk
def image(grid, path=None):
    size = [int(n) for n in grid['shape']]
    if path: im = sitk.GetImageFromArray(np.fromfile(path, np.float32).reshape(size[::-1]))
    else: im = sitk.Image(size, sitk.sitkFloat32)
    im.SetSpacing(grid['spacing']); im.SetOrigin(grid['origin']); im.SetDirection(grid['direction'])
    return im
work = json.load(sys.stdin); result = []
source = image(work['source'], work['voxels'])
for job in work['jobs']:
    how = {'linear': sitk.sitkLinear, 'nearest': sitk.sitkNearestNeighbor}[job['how']]
    theirs = sitk.GetArrayFromImage(sitk.Resample(source, image(job['target']), sitk.Transform(), how, -7.0)).ravel()
    ours = np.fromfile(job['ours'], np.float32)
    result.append({'worst': float(np.abs(ours - theirs).max()), 'inside': float((theirs != -7).mean())})
print(json.dumps(result))
`;

describe('resample', () => {
  it('agrees with ITK, linear and nearest, on finer, coarser, shifted, turned and flipped grids, edges included', async () => {
    const volume = numbered(source);
    const voxels = join(folder, 'source.raw');
    await writeFile(voxels, volume.data);
    const jobs: { how: string; target: Grid; ours: string; name: string }[] = [];
    for (const [name, target] of Object.entries(targets)) {
      for (const how of ['linear', 'nearest'] as const) {
        const ours = join(folder, `${name}-${how}.raw`);
        const result: Volume<Float32Array> =
          how === 'linear' ? resample(volume, target, how, -7) : resample(volume, target, how, -7);
        await writeFile(ours, result.data);
        jobs.push({ how, target, ours, name });
      }
    }
    const compared = await runPython<{ worst: number; inside: number }[]>(script, [], {
      input: JSON.stringify({ source, voxels, jobs }),
    });
    compared.forEach(({ worst, inside }, n) => {
      const job = jobs[n];
      // Values reach 1008; ITK interpolates in float32 steps of its own.
      expect(worst, `${job?.name} ${job?.how}`).toBeLessThan(job?.how === 'linear' ? 2e-3 : 1e-9);
      expect(inside).toBeGreaterThan(0.2);
    });
  });

  it('on its own grid changes nothing', () => {
    fc.assert(
      fc.property(grids(), (grid) => {
        const volume = numbered(grid, 2);
        expect(resample(volume, grid, 'nearest').data).toEqual(volume.data);
        expect(resample(volume, grid, 'label').data).toEqual(volume.data);
        resample(volume, grid, 'linear').data.forEach((value, n) => {
          expect(value).toBeCloseTo(volume.data[n] ?? NaN, 3);
        });
      }),
    );
  });

  it('keeps the type of labels, and gives float32 for linear', () => {
    const grid = targets['finer'] ?? source;
    const labels = { grid: source, channels: 1, data: Uint8Array.from(numbered(source).data) };
    expect(resample(labels, grid, 'label').data).toBeInstanceOf(Uint8Array);
    expect(resample(labels, grid, 'nearest').data).toBeInstanceOf(Uint8Array);
    expect(resample(labels, grid, 'linear').data).toBeInstanceOf(Float32Array);
  });

  it('takes for a label what linear interpolation of one volume a class and argmax give', () => {
    const label = Uint8Array.from(numbered(source).data, (value) => value % 4);
    const classes = { grid: source, channels: 4, data: new Float32Array(4 * label.length) };
    label.forEach((value, n) => (classes.data[value * label.length + n] = 1));
    for (const [name, target] of Object.entries(targets)) {
      const ours = resample({ grid: source, channels: 1, data: label }, target, 'label').data;
      const shares = resample(classes, target, 'linear').data;
      const wrong = ours.filter((value, n) => {
        const share = (c: number) => shares[c * ours.length + n] ?? NaN;
        return share(value) < Math.max(share(0), share(1), share(2), share(3)) - 1e-6;
      });
      expect(wrong.length, name).toBe(0);
    }
  });

  it('takes the smaller of two labels that have equal shares', () => {
    const pair = { ...source, shape: [2, 1, 1] } as const;
    const between = { ...pair, shape: [1, 1, 1], origin: indexToWorld(pair, indexPoint(0.5, 0, 0)) } as const;
    for (const data of [Uint8Array.of(2, 1), Uint8Array.of(1, 2)]) {
      expect(resample({ grid: pair, channels: 1, data }, between, 'label').data).toEqual(Uint8Array.of(1));
    }
  });

  it('gives the same bytes slab by slab as at once, for several channels', () => {
    const volume = numbered(source, 3);
    for (const target of Object.values(targets)) {
      const whole = resample(volume, target, 'linear', 5).data;
      const [ni, nj, nk] = target.shape;
      for (let from = 0; from < nk; from += 4) {
        const to = Math.min(nk, from + 4);
        const slab = resampleSlab(volume, target, from, to, 5);
        for (let c = 0; c < 3; c++) {
          const size = ni * nj * (to - from);
          const start = (c * nk + from) * ni * nj;
          expect(slab.subarray(c * size, (c + 1) * size)).toEqual(whole.subarray(start, start + size));
        }
      }
    }
  });

  it('refuses to mix millimetres and voxels', () => {
    expect(() => resample(numbered(source), { ...source, unit: 'voxel' }, 'linear')).toThrow(/invariant/);
  });
});
