import { describe, expect, it } from 'vitest';
import { describeSegmentation, readSegmentation } from '../../../../../main/imaging/dicom/seg/readSegmentation.ts';
import { openObject, sharedFile, testFile } from './files.ts';
import { largestDifference, readTheirs } from './theirs.ts';

const liver = ['liver_deflate.dcm', 'liver_j2k.dcm', 'liver_rle.dcm'].map(testFile);
/** Plain pixel data of the same mask, which highdicom reads; of `liver`, some are too new for it. */
const plainLiver = sharedFile('ct-ge-3slice-with-seg/seg_liver.dcm') ?? testFile('liver_j2k.dcm');
const files = [
  ...['seg_image_ct_binary.dcm', 'seg_image_ct_binary_overlap.dcm', 'seg_image_ct_true_fractional.dcm'].map(testFile),
  ...['sparse-labelmap-noppv.dcm', 'label.seg', 'liver_j2k.dcm'].map(testFile),
  ...[
    'ct-ge-3slice-with-seg/seg_liver.dcm',
    'ct-ge-3slice-with-seg/seg_partial_overlaps.dcm',
    'pet-cps-qin-headneck-0024/seg/tumor_User1_Manual_Trial1.dcm',
  ].flatMap((path) => sharedFile(path) ?? []),
];
const nameOf = (path: string) => path.split('/').at(-1) ?? path;

describe('readSegmentation', () => {
  it('agrees with highdicom on every file: voxels, places, names, codes, colours', async () => {
    const theirs = await readTheirs(files);
    for (const [n, path] of files.entries()) {
      const ours = await readSegmentation(await openObject(path, true));
      const their = theirs[n]!;
      expect(their.error, nameOf(path)).toBeUndefined();
      expect(ours.segments?.map(({ name }) => name)).toEqual(their.names);
      expect(ours.segments?.map(({ type }) => type?.value)).toEqual(their.types);
      expect(ours.segments?.map(({ colour }) => colour)).toEqual(their.colours);
      if (ours.unit === null) expect(ours.segments?.map(({ value }) => value)).toEqual(their.numbers);
      expect(largestDifference(ours, their), nameOf(path)).toBeLessThan(1e-6);
    }
  });

  it('reads single bits from deflate, RLE and JPEG 2000 as from plain pixel data', async () => {
    const [their] = await readTheirs([plainLiver]);
    for (const path of liver) {
      const ours = await readSegmentation(await openObject(path, true));
      expect(largestDifference(ours, their!), nameOf(path)).toBe(0);
    }
  });

  it('is described from the header as it is read', async () => {
    for (const path of files) {
      const image = await readSegmentation(await openObject(path, true));
      const description = describeSegmentation(await openObject(path, false));
      expect(description.shape.slice(0, 3)).toEqual(image.volume.grid.shape);
      expect(description).toMatchObject({
        spacing: image.volume.grid.spacing,
        origin: image.volume.grid.origin,
        direction: image.volume.grid.direction,
        unit: image.unit,
        description: image.description,
        modality: 'SEG',
        dataType: image.volume.data instanceof Float32Array ? 'float32' : 'uint8',
      });
    }
  });

  it('puts structures that overlap into layers, and others into one', async () => {
    const overlapping = sharedFile('ct-ge-3slice-with-seg/seg_partial_overlaps.dcm');
    const apart = await readSegmentation(await openObject(testFile('seg_image_ct_binary_overlap.dcm'), true));
    expect(apart.volume.channels).toBe(Math.max(...apart.segments!.map(({ layer }) => layer)) + 1);
    if (overlapping === undefined) return;
    const { volume, segments } = await readSegmentation(await openObject(overlapping, true));
    expect(volume.channels).toBe(3);
    expect(segments?.map(({ layer }) => layer)).toEqual([0, 1, 2, 0, 0]);
  });
});
