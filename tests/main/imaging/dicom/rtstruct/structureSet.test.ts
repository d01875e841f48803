import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Grid } from '../../../../../ml/volume/grid.ts';
import { rasFromGrid } from '../../../../../ml/volume/affine.ts';
import { readStructureSet } from '../../../../../main/imaging/dicom/rtstruct/readStructureSet.ts';
import { structuresAsImage } from '../../../../../main/imaging/dicom/rtstruct/structuresAsImage.ts';
import { writeStructureSet } from '../../../../../main/imaging/dicom/rtstruct/writeStructureSet.ts';
import { tags } from '../../../../../main/imaging/dicom/tags.ts';
import { readSegmentation } from '../../../../../main/imaging/dicom/seg/readSegmentation.ts';
import { dciodvfyErrors } from '../../../../support/dciodvfy.ts';
import { type DicomElements, dicomFile } from '../../../../support/dicomFile.ts';
import { runPython } from '../../../../support/python.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';
import { openObject, openSlices, testFile } from '../seg/files.ts';
import { labelled, segment, valuesOn } from '../seg/made.ts';

const sources = await openSlices();
const common = { sources, description: 'Structures', drawing: { by: 'person' } } as const;
const open = async (path: string) => readStructureSet(await openObject(path, true));

const grid: Grid = {
  shape: [8, 6, 4],
  spacing: [2, 3, 5],
  unit: 'mm',
  origin: [10, 20, 30],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

/** An RTSTRUCT object with one structure that has these contours: type and points. */
function made(
  contours: readonly (readonly [string, readonly (number | string)[]])[],
  changes: DicomElements = {},
): Buffer {
  return dicomFile({
    '00080016 UI': '1.2.840.10008.5.1.4.1.1.481.3',
    '00080018 UI': '1.2.3',
    '30060020 SQ': [{ '30060022 IS': '4', '30060026 LO': 'liver' }],
    '30060039 SQ': [
      {
        '30060084 IS': '4',
        '30060040 SQ': contours.map(([type, points]) => ({ '30060042 CS': type, '30060050 DS': points })),
      },
    ],
    ...changes,
  });
}

const square = (z: number, x = 11, size = 4) => [x, 21, z, x + size, 21, z, x + size, 31, z, x, 31, z];

async function readMade(contours: Parameters<typeof made>[0], changes?: DicomElements) {
  const path = join(temporaryFolder(), 'made.dcm');
  await writeFile(path, made(contours, changes));
  return open(path);
}

describe('readStructureSet', () => {
  it('agrees with pydicom on names, colours, series and every coordinate', async () => {
    const path = testFile('rtstruct.dcm');
    const ours = await open(path);
    const theirs = await runPython<unknown>(pydicomScript, [path]);
    const { structures, series } = ours;
    expect({
      series,
      structures: structures.map(({ number, name, colour, contours }) => ({
        number,
        name,
        colour,
        contours: contours.map(({ kind, points }) => ({ kind, points: [...points] })),
      })),
    }).toEqual(theirs);
  });

  it.each<[string, Parameters<typeof made>[0], DicomElements?]>([
    ['describes no structure', [], { '30060020 SQ': [] }],
    ['one number', [], { '30060020 SQ': [{ '30060022 IS': '1' }, { '30060022 IS': '1' }] }],
    ['has no number', [], { '30060020 SQ': [{ '30060026 LO': 'liver' }] }],
    ['three coordinates', [['CLOSED_PLANAR', [1, 2, 3, 4]]]],
    ['three coordinates', [['CLOSED_PLANAR', [1, 2, 'x']]]],
    ['three coordinates', [['CLOSED_PLANAR', []]]],
  ])('refuses a file that %s', async (word, contours, changes) => {
    await expect(readMade(contours, changes)).rejects.toMatchObject({
      name: 'Problem',
      kind: 'data',
      what: expect.stringContaining(word) as unknown,
    });
  });
});

describe('structuresAsImage', () => {
  const filled = async (contours: Parameters<typeof made>[0]) => {
    const image = structuresAsImage(await readMade(contours), grid);
    const at = (k: number) =>
      [...image.volume.data.subarray(k * 48, (k + 1) * 48)].filter((value) => value === 1).length;
    return { image, counts: [0, 1, 2, 3].map(at) };
  };

  it('takes the voxels whose centres are inside', async () => {
    const { image, counts } = await filled([['CLOSED_PLANAR', square(35)]]);
    // Columns at 12 and 14 mm, rows at 23, 26 and 29 mm.
    expect(counts).toEqual([0, 6, 0, 0]);
    expect(image.segments).toEqual([{ value: 1, layer: 0, name: 'liver', colour: null, category: null, type: null }]);
    expect(image.warnings).toEqual([]);
  });

  it.each(['CLOSED_PLANAR', 'CLOSEDPLANAR_XOR'])('takes %s contours within contours as holes', async (type) => {
    const { counts } = await filled([
      [type, square(35, 11, 10)],
      [type, square(35, 13, 4)],
    ]);
    expect(counts).toEqual([0, 15 - 6, 0, 0]);
  });

  it('says what is not in the volume, or not exactly', async () => {
    const { image, counts } = await filled([
      ['CLOSED_PLANAR', square(30)],
      ['CLOSED_PLANAR', square(41.5)],
      ['CLOSED_PLANAR', square(90)],
      ['CLOSED_PLANAR', [11, 21, 30, 15, 21, 35, 15, 31, 35]],
      ['POINT', [11, 21, 30]],
    ]);
    expect(counts).toEqual([6, 0, 6, 0]);
    expect(image.warnings).toEqual([
      '"liver": 1 points or open curves enclose nothing and are left out',
      '"liver": 1 contours are not parallel to the slices of the image and are left out',
      '"liver": 1 contours lie beyond the first or last slice of the image and are left out',
      '"liver": 1 contours lie between slices of the image and were put into the nearest',
      '"liver": 1 slices between the first and the last contour have none and stay empty',
    ]);
  });

  it('unites planes that share a slice, which are no holes of one another', async () => {
    const { counts } = await filled([
      ['CLOSED_PLANAR', square(34, 11, 10)],
      ['CLOSED_PLANAR', square(36, 13, 4)],
    ]);
    expect(counts).toEqual([0, 15, 0, 0]);
  });
});

describe('writeStructureSet', () => {
  it('gives labels back exactly, from any grid, overlapping or not', async () => {
    const path = join(temporaryFolder(), 'structures.dcm');
    await fc.assert(
      fc.asyncProperty(labelled, async ({ volume, segments }) => {
        await writeStructureSet(path, { ...common, volume, segments }, { existing: 'replace' });
        const image = structuresAsImage(await open(path), volume.grid);
        expect(image.segments?.map(({ name, colour }) => ({ name, colour }))).toEqual(
          segments.map(({ name, colour }) => ({ name, colour })),
        );
        const voxels = volume.data.length / volume.channels;
        for (const [n, { value, layer }] of segments.entries()) {
          const meant = Array.from(volume.data.subarray(layer * voxels, (layer + 1) * voxels), (found) =>
            Number(found === value),
          );
          expect(valuesOn(volume.grid, image, n)).toEqual(meant);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is filled alike by a program of its own over pydicom, and dciodvfy finds no error', async () => {
    const folder = temporaryFolder();
    for (const [n, { volume, segments }] of fc.sample(labelled, { numRuns: 5, seed: 7 }).entries()) {
      const path = join(folder, `${n}.dcm`);
      await writeStructureSet(path, { ...common, volume, segments });
      expect(await dciodvfyErrors(path)).toEqual([]);
      const { shape } = volume.grid;
      const theirs = await runPython<number[][]>(fillScript, [
        path,
        JSON.stringify(rasFromGrid(volume.grid)),
        JSON.stringify(shape),
      ]);
      const voxels = volume.data.length / volume.channels;
      const meant = segments.map(({ value, layer }) =>
        [...volume.data.subarray(layer * voxels, (layer + 1) * voxels)].flatMap((found, at) =>
          found === value ? [at] : [],
        ),
      );
      expect(theirs).toEqual(meant);
    }
  });

  it('refers to the series, to its images, and each contour to the image it lies on', async () => {
    const path = join(temporaryFolder(), 'structures.dcm');
    const { volume, segments } = await readSegmentation(await openObject(testFile('label.seg'), true));
    await writeStructureSet(path, { ...common, volume, segments: segments! });
    expect(await dciodvfyErrors(path)).toEqual([]);
    const { dataset } = await openObject(path, false);
    expect((await open(path)).series).toEqual([sources[0]!.dataset.text(tags.SeriesInstanceUID)]);
    const images = new Map(
      sources.map((source) => [
        source.dataset.text(tags.SOPInstanceUID),
        source.dataset.numbers(tags.ImagePositionPatient)[2],
      ]),
    );
    const [region] = dataset.items(tags.ROIContourSequence);
    const contours = region!.items(tags.ContourSequence);
    expect(contours.length).toBeGreaterThan(2);
    for (const contour of contours) {
      const uid = contour.items(tags.ContourImageSequence)[0]?.text(tags.ReferencedSOPInstanceUID);
      expect(contour.numbers(tags.ContourData)[2]).toBeCloseTo(images.get(uid)!, 4);
    }
  });

  it('refuses what it cannot refer to, and leaves no file', async () => {
    const path = join(temporaryFolder(), 'structures.dcm');
    const volume = { grid, channels: 1, data: new Uint8Array(192).fill(1) };
    const request = { ...common, volume, segments: [segment(1, 0)] };
    await expect(writeStructureSet(path, { ...request, sources: [] })).rejects.toMatchObject({ name: 'Problem' });
    const nameless = {
      path: 'scan.dcm',
      dataset: (await openObject(testFile('rtstruct.dcm'), false)).dataset.items('30060020')[0]!,
    };
    await expect(writeStructureSet(path, { ...request, sources: [nameless] })).rejects.toMatchObject({
      name: 'Problem',
      where: 'scan.dcm',
    });
    expect(await readdir(join(path, '..'))).toEqual([]);
  });
});

const pydicomScript = `
import json, sys, pydicom
d = pydicom.dcmread(sys.argv[1], force=True)
drawn = {int(c.ReferencedROINumber): c for c in d.ROIContourSequence}
def structure(roi):
    c = drawn[int(roi.ROINumber)]
    return dict(number=int(roi.ROINumber), name=str(roi.ROIName), colour='#%02x%02x%02x' % tuple(int(v) for v in c.ROIDisplayColor),
                contours=[dict(kind='closed' if k.ContourGeometricType == 'CLOSED_PLANAR' else 'other', points=[float(v) for v in k.ContourData])
                          for k in c.ContourSequence])
series = [str(s.SeriesInstanceUID) for f in d.ReferencedFrameOfReferenceSequence for t in f.RTReferencedStudySequence for s in t.RTReferencedSeriesSequence]
print(json.dumps(dict(series=series, structures=[structure(r) for r in d.StructureSetROISequence])))
`;

const fillScript = `
import json, sys, numpy as np, pydicom
d = pydicom.dcmread(sys.argv[1])
ras = np.vstack([np.reshape(json.loads(sys.argv[2]), (3, 4)), [0, 0, 0, 1]])
inverse = np.linalg.inv(np.diag([-1, -1, 1, 1]) @ ras)
ni, nj, nk = json.loads(sys.argv[3])
jj, ii = np.meshgrid(np.arange(nj), np.arange(ni), indexing='ij')
out = []
for region in d.ROIContourSequence:
    mask = np.zeros((nk, nj, ni), bool)
    for contour in region.get('ContourSequence', []):
        p = np.reshape([float(v) for v in contour.ContourData], (-1, 3))
        p = (inverse @ np.c_[p, np.ones(len(p))].T)[:3].T
        k = int(round(p[0, 2]))
        assert np.abs(p[:, 2] - k).max() < 1e-3
        inside = np.zeros((nj, ni), bool)
        for (x, y, _), (u, v, _) in zip(p, np.roll(p, -1, 0)):
            if y == v: continue
            inside ^= ((y > jj) != (v > jj)) & (ii < x + (jj - y) / (v - y) * (u - x))
        assert not (mask[k] & inside).any()
        mask[k] |= inside
    out.append([int(n) for n in np.flatnonzero(mask)])
print(json.dumps(out))
`;
