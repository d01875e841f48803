import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../../../main/imaging/image.ts';
import { writeNifti } from '../../../../main/imaging/nifti/write.ts';
import type { Image } from '../../../../main/imaging/reader.ts';
import {
  measureStructures,
  type StructureStatistics,
} from '../../../../main/services/statistics/structureStatistics.ts';
import { stream } from '../../../../ml/random/stream.ts';
import { voxelCount } from '../../../../ml/volume/grid.ts';
import { runPython } from '../../../support/python.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { ball, gridNames, gridOf, grids, imageOf, painted } from '../../imaging/meshes/labelImages.ts';

/** The same of SimpleITK, SciPy and NumPy. */
const script = `
import sys, json, numpy as np, SimpleITK as sitk, scipy.ndimage as nd
out = []
for mask_path, image_path in json.load(sys.stdin):
    mask = sitk.Cast(sitk.ReadImage(mask_path), sitk.sitkUInt32); image = sitk.Cast(sitk.ReadImage(image_path), sitk.sitkFloat64)
    image.CopyInformation(mask)
    shape = sitk.LabelShapeStatisticsImageFilter(); shape.Execute(mask)
    grey = sitk.LabelIntensityStatisticsImageFilter(); grey.Execute(mask, image)
    labels, values = sitk.GetArrayFromImage(mask), sitk.GetArrayFromImage(image)
    rows = []
    for v in shape.GetLabels():
        box = shape.GetBoundingBox(v)
        corners = [mask.TransformContinuousIndexToPhysicalPoint([box[a] - .5 + box[3 + a] * ((n >> a) & 1) for a in range(3)]) for n in range(8)]
        parts, count = nd.label(labels == v)
        n = shape.GetNumberOfPixels(v)
        rows.append(dict(value=v, voxels=n, volumeMm3=shape.GetPhysicalSize(v), centroid=shape.GetCentroid(v),
            box=dict(first=box[:3], last=[box[a] + box[3 + a] - 1 for a in range(3)]),
            extent=dict(low=np.min(corners, 0).tolist(), high=np.max(corners, 0).tolist()),
            components=count, largestComponentShare=float(np.bincount(parts.ravel())[1:].max() / n),
            intensities=dict(mean=grey.GetMean(v), sd=grey.GetStandardDeviation(v) if n > 1 else None, min=grey.GetMinimum(v),
                max=grey.GetMaximum(v), notFinite=0, **{k: float(np.percentile(values[labels == v], p)) for k, p in
                dict(p5=5, p25=25, median=50, p75=75, p95=95).items()})))
    out.append(rows)
print(json.dumps(out))
`;

const signal = new AbortController().signal;

/** Numbers of the NIfTI that the others read are single precision. */
function close(ours: unknown, theirs: unknown): void {
  if (typeof theirs === 'number') {
    expect(Math.abs(Number(ours) - theirs)).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(theirs)));
  } else if (theirs === null) expect(ours).toBeNull();
  else
    for (const [key, value] of Object.entries(theirs as Record<string, unknown>))
      close((ours as Record<string, unknown>)[key], value);
}

/** Overlapping balls of several labels, sprinkled with lone voxels, over noise. */
function example(name: keyof typeof grids, seed: number): { mask: Image; image: Image } {
  const rng = stream(seed, 'example');
  const grid = gridOf([17, 15, 13], grids[name]);
  const labels = new Uint16Array(voxelCount(grid));
  for (const value of [1, 3, 700]) {
    const inside = ball([rng.integer(17), rng.integer(15), rng.integer(13)], 5, grid.spacing);
    painted(grid, labels, ([i, j, k]) => {
      const before = labels[i + 17 * (j + 15 * k)]!;
      return inside([i, j, k]) === 1 || rng.uniform() < 0.02 ? value : before;
    });
  }
  const values = Float32Array.from(labels, (label) => 10 * rng.normal() + label);
  return { mask: imageOf(grid, labels), image: imageOf(grid, values, { path: 'image.nii.gz' }) };
}

describe('measureStructures', () => {
  it('agrees with SimpleITK, SciPy and NumPy on masks of scattered labels and on a real one', async () => {
    const folder = temporaryFolder();
    const examples = gridNames.map((name, n) => example(name, n));
    const pairs: [string, string][] = [];
    for (const [n, { mask, image }] of examples.entries()) {
      pairs.push([join(folder, `mask${n}.nii`), join(folder, `image${n}.nii`)]);
      await writeNifti(pairs[n]![0], mask.volume);
      await writeNifti(pairs[n]![1], image.volume);
    }
    const real = join(import.meta.dirname, '../../../data/hippocampus');
    pairs.push([join(real, 'labelsTr/hippocampus_006.nii.gz'), join(real, 'imagesTr/hippocampus_006.nii.gz')]);
    const theirs = await runPython<StructureStatistics[][]>(script, [], { input: JSON.stringify(pairs) });
    for (const [n, [mask, image]] of pairs.entries()) {
      const ours = measureStructures(await readImage(mask), { image: await readImage(image), signal });
      expect(ours.length).toBeGreaterThan(1);
      expect(ours).toHaveLength(theirs[n]!.length);
      close(ours, theirs[n]);
      for (const { volumeMm3, volumeMl } of ours) expect(volumeMl).toBe(volumeMm3! / 1000);
    }
  });

  it('measures the surface of a ball within 2 %, though that of its voxels is half as large again', () => {
    const grid = gridOf([28, 28, 28]);
    const mask = imageOf(grid, painted(grid, new Uint8Array(28 ** 3), ball([13.2, 13.7, 14], 12, [1, 1, 1])));
    const [{ surfaceAreaMm2 }] = measureStructures(mask, { signal }) as [StructureStatistics];
    expect(Math.abs(surfaceAreaMm2! / (4 * Math.PI * 144) - 1)).toBeLessThan(0.02);
  });

  it('says nothing in millimetres where the size of voxels is unknown', () => {
    const grid = gridOf([2, 2, 1], { unit: 'voxel' });
    const [only] = measureStructures(imageOf(grid, Uint8Array.of(0, 4, 0, 4)), { signal });
    expect(only).toEqual({
      value: 4,
      name: 'label_4',
      voxels: 2,
      volumeMm3: null,
      volumeMl: null,
      box: { first: [1, 0, 0], last: [1, 1, 0] },
      extent: null,
      centroid: null,
      surfaceAreaMm2: null,
      components: 1,
      largestComponentShare: 1,
      intensities: null,
    });
  });

  it('lists structures without voxels, and leaves out values that are no numbers', () => {
    const grid = gridOf([3, 1, 1]);
    const code = { layer: 0, colour: null, category: null, type: null };
    const segments = [
      { value: 1, name: 'seen', ...code },
      { value: 2, name: 'absent', ...code },
    ];
    const mask = imageOf(grid, Uint8Array.of(1, 1, 1), { segments });
    const image = imageOf(grid, Float32Array.of(NaN, 5, Infinity));
    const [seen, absent] = measureStructures(mask, { image, signal });
    expect(seen!.intensities).toMatchObject({ mean: 5, sd: null, min: 5, median: 5, max: 5, notFinite: 2 });
    expect(absent).toMatchObject({ voxels: 0, volumeMm3: 0, box: null, centroid: null, components: 0 });
    expect(absent!.intensities).toMatchObject({ mean: null, max: null, notFinite: 0 });
  });

  it('refuses an image that does not lie under the mask, naming both, or has several values a voxel', () => {
    const grid = gridOf([2, 1, 1]);
    const mask = imageOf(grid, Uint8Array.of(1, 0));
    const elsewhere = imageOf(gridOf([2, 1, 1], { origin: [0, 0, 0] }), Uint8Array.of(1, 0), { path: 'scan.nii' });
    expect(() => measureStructures(mask, { image: elsewhere, signal })).toThrow(
      expect.objectContaining({
        kind: 'data',
        what: expect.stringMatching(/does not lie on the image: origin/) as unknown,
        where: 'mask.nii.gz, scan.nii',
      }),
    );
    const coloured = imageOf(grid, new Uint8Array(6), { components: 3 });
    expect(() => measureStructures(mask, { image: coloured, signal })).toThrow(
      expect.objectContaining({ kind: 'data', what: expect.stringMatching(/3 values a voxel/) as unknown }),
    );
  });

  it('refuses a mask that is none', () => {
    const fractions = imageOf(gridOf([2, 1, 1]), Float32Array.of(0.5, 1));
    expect(() => measureStructures(fractions, { signal })).toThrow(
      expect.objectContaining({ kind: 'data', what: expect.stringMatching(/whole numbers/) as unknown }),
    );
  });

  it('stops between structures when told to, and says how far it is', () => {
    const mask = imageOf(gridOf([3, 1, 1]), Uint8Array.of(1, 2, 3));
    const controller = new AbortController();
    const done: string[] = [];
    const report = (n: number, total: number) => {
      done.push(`${n}/${total}`);
      if (n === 2) controller.abort();
    };
    expect(() => measureStructures(mask, { signal: controller.signal, report })).toThrow('aborted');
    expect(done).toEqual(['1/3', '2/3']);
  });
});
