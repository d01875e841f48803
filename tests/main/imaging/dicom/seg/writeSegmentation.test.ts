import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSegmentation } from '../../../../../main/imaging/dicom/seg/readSegmentation.ts';
import type { SegmentationRequest } from '../../../../../main/imaging/dicom/seg/request.ts';
import { writeSegmentation } from '../../../../../main/imaging/dicom/seg/writeSegmentation.ts';
import { tags } from '../../../../../main/imaging/dicom/tags.ts';
import { product } from '../../../../../main/product/product.ts';
import { dciodvfyErrors } from '../../../../support/dciodvfy.ts';
import { runPython } from '../../../../support/python.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';
import { openObject, openSlices, testFile } from './files.ts';
import { grids, labelled, segment, valuesOn } from './made.ts';
import { largestDifference, readTheirs } from './theirs.ts';

const sources = await openSlices();
const common = {
  sources,
  description: 'Structures',
  drawing: { by: 'model', name: 'hippocampus', version: '1.0.0' },
} as const;
const replace = { existing: 'replace' } as const;
const open = async (path: string) => readSegmentation(await openObject(path, true));

/** The segmentation that was drawn on the sources, as a request to write it again. */
async function drawn(): Promise<SegmentationRequest> {
  const { volume, segments } = await open(testFile('label.seg'));
  return { ...common, kind: 'binary', volume, segments: segments! };
}

describe('writeSegmentation', () => {
  it('gives labels back at their places, from any grid, as binary and as label map', async () => {
    const path = join(temporaryFolder(), 'mask.dcm');
    await fc.assert(
      fc.asyncProperty(labelled, fc.boolean(), async ({ volume, segments }, isBinary) => {
        const kind = isBinary || volume.channels > 1 ? 'binary' : 'labelmap';
        await writeSegmentation(path, { ...common, kind, volume, segments }, replace);
        const image = await open(path);
        const voxels = volume.data.length / volume.channels;
        for (const [n, { value, layer }] of segments.entries()) {
          const meant = Array.from(volume.data.subarray(layer * voxels, (layer + 1) * voxels), (found) =>
            Number(found === value),
          );
          expect(valuesOn(volume.grid, image, n)).toEqual(meant);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives probabilities back within half a step of 1/255', async () => {
    const path = join(temporaryFolder(), 'probability.dcm');
    const random = grids.chain((grid) => {
      const length = 2 * grid.shape[0] * grid.shape[1] * grid.shape[2];
      return fc
        .float32Array({ minLength: length, maxLength: length, min: 0, max: 1, noNaN: true })
        .map((data) => ({ grid, channels: 2, data }));
    });
    await fc.assert(
      fc.asyncProperty(random, async (volume) => {
        const segments = [segment(1, 0, 'liver'), segment(1, 1, 'left kidney')];
        await writeSegmentation(path, { ...common, kind: 'fractional', volume, segments }, replace);
        const image = await open(path);
        expect(image.unit).toBe('probability');
        const voxels = volume.data.length / 2;
        for (const n of [0, 1])
          for (const [at, found] of valuesOn(volume.grid, image, n).entries())
            expect(Math.abs(found - volume.data[n * voxels + at]!)).toBeLessThanOrEqual(0.5 / 255 + 1e-6);
      }),
      { numRuns: 25 },
    );
  });

  it('is read by highdicom as by us, and dciodvfy finds no error', async () => {
    const folder = temporaryFolder();
    const samples = fc.sample(labelled, { numRuns: 8, seed: 4 });
    for (const [n, { volume, segments }] of samples.entries()) {
      await writeSegmentation(join(folder, `binary${n}.dcm`), { ...common, kind: 'binary', volume, segments });
      if (volume.channels > 1) continue;
      await writeSegmentation(join(folder, `labelmap${n}.dcm`), { ...common, kind: 'labelmap', volume, segments });
      const fractions = { ...volume, data: Float32Array.from(volume.data, (value) => value / 3) };
      const one = { ...common, kind: 'fractional', volume: fractions, segments: segments.slice(0, 1) } as const;
      await writeSegmentation(join(folder, `fractional${n}.dcm`), one);
    }
    await writeSegmentation(join(folder, 'binary-drawn.dcm'), await drawn());
    const paths = (await readdir(folder)).map((name) => join(folder, name));
    const theirs = await readTheirs(paths);
    for (const [n, path] of paths.entries()) {
      expect(theirs[n]?.error, path).toBeUndefined();
      expect(largestDifference(await open(path), theirs[n]!), path).toBeLessThan(1e-6);
      // The checker of Debian is older than label maps.
      if (!path.includes('labelmap')) expect(await dciodvfyErrors(path), path).toEqual([]);
    }
  });

  it('reads the palette label maps of highdicom', async () => {
    const path = join(temporaryFolder(), 'palette.dcm');
    await runPython(paletteScript, [path, ...['IMG0001.dcm', 'IMG0002.dcm', 'IMG0003.dcm'].map(testFile)]);
    const { volume, segments } = await open(path);
    expect(segments).toMatchObject([
      { value: 1, name: 'one', colour: '#ff0000' },
      { value: 2, name: 'two', colour: '#0000ff' },
    ]);
    const at = (i: number, j: number, k: number) =>
      volume.data[(k * volume.grid.shape[1] + j) * volume.grid.shape[0] + i];
    expect([at(2, 3, 0), at(5, 6, 1), at(0, 0, 0)].sort()).toEqual([0, 1, 2]);
  });

  it('refers each frame to the image it lies on, and the object to every image', async () => {
    const path = join(temporaryFolder(), 'mask.dcm');
    await writeSegmentation(path, await drawn());
    const { dataset } = await openObject(path, false);
    const uids = new Map(
      sources.map((source) => [
        source.dataset.numbers(tags.ImagePositionPatient)[2],
        source.dataset.text(tags.SOPInstanceUID),
      ]),
    );
    for (const frame of dataset.items(tags.PerFrameFunctionalGroupsSequence)) {
      const z = frame.items(tags.PlanePositionSequence)[0]?.numbers(tags.ImagePositionPatient)[2];
      const [image, ...others] = frame.items(tags.DerivationImageSequence)[0]!.items(tags.SourceImageSequence);
      expect(others).toEqual([]);
      expect(image?.text(tags.ReferencedSOPInstanceUID)).toBe(uids.get(z));
      expect(image?.text(tags.SpatialLocationsPreserved)).toBe('YES');
    }
    const [series] = dataset.items(tags.ReferencedSeriesSequence);
    expect(series?.text(tags.SeriesInstanceUID)).toBe(sources[0]!.dataset.text(tags.SeriesInstanceUID));
    const named = series
      ?.items(tags.ReferencedInstanceSequence)
      .map((item) => item.text(tags.ReferencedSOPInstanceUID));
    expect(named?.sort()).toEqual([...uids.values()].sort());
  });

  it('refers to frames of a multi-frame source', async () => {
    const path = join(temporaryFolder(), 'mask.dcm');
    await writeSegmentation(path, {
      ...(await drawn()),
      sources: [await openObject(testFile('multiframe.dcm'), false)],
    });
    const { dataset } = await openObject(path, false);
    const numbers = dataset
      .items(tags.PerFrameFunctionalGroupsSequence)
      .map((frame) =>
        frame
          .items(tags.DerivationImageSequence)[0]
          ?.items(tags.SourceImageSequence)[0]
          ?.number(tags.ReferencedFrameNumber),
      );
    expect(new Set(numbers)).toEqual(new Set([1, 2, 3]));
    expect(await dciodvfyErrors(path)).toEqual([]);
  });

  it('keeps patient and study, starts a new series, and says truly who drew what', async () => {
    const path = join(temporaryFolder(), 'mask.dcm');
    await writeSegmentation(path, { ...(await drawn()), segments: [segment(1, 0, 'Left Kidney')] });
    const [{ dataset }, source] = [await openObject(path, false), sources[0]!.dataset];
    for (const tag of [tags.PatientName, tags.PatientID, tags.StudyInstanceUID, tags.FrameOfReferenceUID])
      expect(dataset.text(tag)).toBe(source.text(tag));
    expect(dataset.text(tags.SeriesInstanceUID)).toMatch(/^2\.25\.\d+$/);
    expect(dataset.text(tags.ContentCreatorName)).toBeUndefined();
    expect(dataset.text(tags.SoftwareVersions)).toBe(product.version);
    const [item] = dataset.items(tags.SegmentSequence);
    expect(item?.text(tags.SegmentAlgorithmType)).toBe('AUTOMATIC');
    const [algorithm] = item!.items(tags.SegmentationAlgorithmIdentificationSequence);
    expect([algorithm?.text(tags.AlgorithmName), algorithm?.text(tags.AlgorithmVersion)]).toEqual([
      'hippocampus',
      '1.0.0',
    ]);
    const [type] = item!.items(tags.SegmentedPropertyTypeCodeSequence);
    expect(type?.text(tags.CodeValue)).toBe('64033007');
    expect(type?.items(tags.SegmentedPropertyTypeModifierCodeSequence)[0]?.text(tags.CodeMeaning)).toBe('Left');
  });

  it('leaves empty frames out, and keeps one where all are empty', async () => {
    const path = join(temporaryFolder(), 'mask.dcm');
    const request = await drawn();
    const empty = { ...request.volume, data: new Uint8Array(request.volume.data.length) };
    await writeSegmentation(path, { ...request, volume: empty });
    expect((await open(path)).volume.data.every((value) => value === 0)).toBe(true);
    const one = empty.data.slice();
    one[empty.grid.shape[0] * empty.grid.shape[1] + 5] = 1;
    await writeSegmentation(path, { ...request, volume: { ...empty, data: one } }, replace);
    expect((await openObject(path, false)).dataset.number(tags.NumberOfFrames)).toBe(1);
  });

  it.each<[string, (request: SegmentationRequest) => Partial<SegmentationRequest>]>([
    ['millimetres', ({ volume }) => ({ volume: { ...volume, grid: { ...volume.grid, unit: 'voxel' } } })],
    ['none is given', () => ({ sources: [] })],
    ['no structure', () => ({ segments: [] })],
    [
      'overlap',
      ({ volume }) => ({
        kind: 'labelmap',
        volume: { ...volume, channels: 2, data: new Uint8Array(2 * volume.data.length) },
      }),
    ],
    ['65536', () => ({ kind: 'labelmap', segments: [segment(65536, 0)] })],
  ])('refuses what DICOM cannot hold: %s', async (word, change) => {
    const path = join(temporaryFolder(), 'mask.dcm');
    const request = await drawn();
    await expect(writeSegmentation(path, { ...request, ...change(request) })).rejects.toMatchObject({
      name: 'Problem',
      kind: 'data',
      where: path,
      what: expect.stringContaining(word) as unknown,
    });
    expect(await readdir(join(path, '..'))).toEqual([]);
  });

  it('refuses an existing file, and leaves it as it is', async () => {
    const path = join(temporaryFolder(), 'mask.dcm');
    await writeFile(path, 'mine');
    await expect(writeSegmentation(path, await drawn())).rejects.toMatchObject({ name: 'Problem', kind: 'data' });
    expect(await readFile(path, 'utf8')).toBe('mine');
  });
});

const paletteScript = `
import json, sys, warnings
import numpy as np, highdicom as hd, pydicom
from pydicom.sr.codedict import codes
warnings.simplefilter('ignore')
sources = [pydicom.dcmread(p) for p in sys.argv[2:]]
mask = np.zeros((len(sources), sources[0].Rows, sources[0].Columns), np.uint8)
mask[0, 3, 2], mask[1, 6, 5] = 1, 2
describe = lambda n, name: hd.seg.SegmentDescription(n, name, codes.SCT.Tissue, codes.SCT.Tissue, hd.seg.SegmentAlgorithmTypeValues.MANUAL)
seg = hd.seg.Segmentation(sources, mask, hd.seg.SegmentationTypeValues.LABELMAP, [describe(1, 'one'), describe(2, 'two')],
    hd.UID(), 1, hd.UID(), 1, 'a', 'b', '1', '1', palette_color_lut_transformation=hd.PaletteColorLUTTransformation.from_colors(
        ['black', 'red', 'blue'], palette_color_lut_uid=hd.UID()))
assert seg.PhotometricInterpretation == 'PALETTE COLOR', seg.PhotometricInterpretation
seg.save_as(sys.argv[1])
print(json.dumps(None))
`;
