import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../../ml/check/problem.ts';
import { refuseTooLong } from '../../../../../main/imaging/dicom/seg/request.ts';
import { readSegmentation } from '../../../../../main/imaging/dicom/seg/readSegmentation.ts';
import { type DicomElements, dicomFile } from '../../../../support/dicomFile.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';
import { openObject, testFile } from './files.ts';

interface Made {
  readonly type: string;
  /** z of each frame. */
  readonly heights: readonly number[];
  readonly segments: readonly number[];
  /** Per frame. */
  readonly segmentOf: readonly number[];
  readonly measures: DicomElements;
  readonly changes: DicomElements;
  readonly position: (z: number, frame: number) => readonly number[];
  readonly orientation: (frame: number) => readonly number[];
  readonly pixels: Uint8Array;
}

const plain: Made = {
  type: 'BINARY',
  heights: [0, 2, 4],
  segments: [1],
  segmentOf: [1, 1, 1],
  measures: { '00280030 DS': [1, 1], '00180050 DS': 2, '00180088 DS': 2 },
  changes: {},
  position: (z) => [0, 0, z],
  orientation: () => [1, 0, 0, 0, 1, 0],
  pixels: Uint8Array.of(0xff, 0xff, 0xff, 0xff),
};

/** Frames of 3 x 3 pixels, so that none but the first begins with a byte. */
function made(parts: Partial<Made>): Buffer {
  const { type, heights, segments, segmentOf, measures, changes, position, orientation, pixels } = {
    ...plain,
    ...parts,
  };
  const bits = type === 'BINARY' ? 1 : 8;
  const code = { '00080100 SH': '1', '00080102 SH': 'SCT', '00080104 LO': 'one' };
  return dicomFile({
    '00080016 UI': '1.2.840.10008.5.1.4.1.1.66.4',
    '00080018 UI': '1.2.3',
    '00280002 US': 1,
    '00280004 CS': 'MONOCHROME2',
    '00280008 IS': heights.length,
    '00280010 US': 3,
    '00280011 US': 3,
    '00280100 US': bits,
    '00280101 US': bits,
    '00280102 US': bits - 1,
    '00280103 US': 0,
    '00620001 CS': type,
    '00620002 SQ': segments.map((number) => ({
      '00620004 US': number,
      '00620005 LO': `s${number}`,
      '0062000f SQ': [code],
    })),
    '52009229 SQ': [{ '00289110 SQ': [measures] }],
    '52009230 SQ': heights.map((z, frame) => ({
      '00209113 SQ': [{ '00200032 DS': position(z, frame) }],
      '00209116 SQ': [{ '00200037 DS': orientation(frame) }],
      ...(type === 'LABELMAP' ? {} : { '0062000a SQ': [{ '0062000b US': segmentOf[frame] ?? 0 }] }),
    })),
    '7fe00010 OB': pixels,
    ...changes,
  });
}

async function read(parts: Partial<Made>) {
  const path = join(temporaryFolder(), 'made.dcm');
  await writeFile(path, made(parts));
  return readSegmentation(await openObject(path, true));
}

describe('readSegmentation', () => {
  it('reads single bits from the lowest on, frames without a gap', async () => {
    const { volume } = await read({ pixels: Uint8Array.of(0b1, 0b10, 0b100, 0) });
    expect([...volume.data].flatMap((value, at) => (value === 1 ? [at] : []))).toEqual([0, 9, 18]);
  });

  it('sorts frames by position, and leaves slices without one empty', async () => {
    const { volume } = await read({ heights: [6, 0, 2], pixels: Uint8Array.of(0b1, 0, 0b100, 0) });
    expect(volume.grid.shape).toEqual([3, 3, 4]);
    expect([...volume.data].flatMap((value, at) => (value === 1 ? [at] : []))).toEqual([9, 27]);
  });

  it('takes the distance of slices from positions where none is stated, or the stated one fits them not', async () => {
    for (const measures of [{ '00280030 DS': [1, 1] }, { '00280030 DS': [1, 1], '00180088 DS': 1.7 }])
      expect((await read({ measures })).volume.grid.spacing).toEqual([1, 1, 2]);
  });

  it('takes another background of a label map from the padding value', async () => {
    const pixels = Uint8Array.of(...new Array<number>(8).fill(9), 1, ...new Array<number>(19).fill(9));
    const { volume, segments } = await read({
      type: 'LABELMAP',
      segments: [1, 9],
      pixels,
      changes: { '00280120 US': 9 },
    });
    expect([...volume.data].map((value, at) => (value === 0 ? -1 : at)).filter((at) => at >= 0)).toEqual([8]);
    expect(segments?.map(({ value }) => value)).toEqual([1]);
  });

  it.each<[string, Partial<Made>]>([
    ['has the type none', { changes: { '00620001 CS': '' } }],
    ['describes no segment', { segments: [] }],
    ['one number', { segments: [1, 1] }],
    ['number 0', { segments: [0, 1] }],
    ['belongs to segment 2', { segmentOf: [1, 2, 1] }],
    ['two frames at one place', { heights: [0, 2, 2] }],
    ['claims 4 frames and describes 3', { changes: { '00280008 IS': 4 } }],
    ['claims 2000000000 frames', { changes: { '00280008 IS': 2e9 } }],
    ['not evenly spaced', { heights: [0, 2, 5.3] }],
    ['differ in orientation', { orientation: (frame) => (frame === 1 ? [0, 1, 0, -1, 0, 0] : [1, 0, 0, 0, 1, 0]) }],
    ['above one another', { position: (z, frame) => [frame, 0, z] }],
    ['where it lies', { position: (z) => [0, z] }],
    ['where it lies', { measures: { '00180050 DS': 2 } }],
    ['where it lies', { measures: { '00280030 DS': [0, 1] } }],
    ['no thickness', { heights: [0], measures: { '00280030 DS': [1, 1] } }],
    ['cut off', { pixels: Uint8Array.of(1, 1) }],
    ['rows', { changes: { '00280010 US': 0 } }],
    ['largest fraction', { type: 'FRACTIONAL', pixels: new Uint8Array(28) }],
    ['holds 7', { type: 'LABELMAP', pixels: new Uint8Array(28).fill(7) }],
    ['two frames', { type: 'LABELMAP', heights: [0, 2, 2], pixels: new Uint8Array(28) }],
  ])('refuses a file that %s', async (word, parts) => {
    await expect(read(parts)).rejects.toMatchObject({
      name: 'Problem',
      kind: 'data',
      what: expect.stringContaining(word) as unknown,
      where: expect.stringContaining('made.dcm') as unknown,
    });
  });

  it('refuses from the header what would fill the memory', async () => {
    const heights = [0, 1e-1, 1e9];
    await expect(read({ heights, measures: { '00280030 DS': [1, 1], '00180088 DS': 1e-1 } })).rejects.toMatchObject({
      name: 'Problem',
      kind: 'memory',
    });
  });

  it('ends in a problem and in nothing else where bytes are changed or missing', async () => {
    const names = ['seg_image_ct_binary_overlap.dcm', 'sparse-labelmap-noppv.dcm', 'seg_image_ct_true_fractional.dcm'];
    const files = await Promise.all(names.map((name) => readFile(testFile(name))));
    const path = join(temporaryFolder(), 'broken.dcm');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 4 }),
        fc.double({ min: 0.2, max: 1.5, noNaN: true }),
        async (file, changes, length) => {
          const bytes = Buffer.from(file.subarray(0, Math.ceil(length * file.length)));
          for (const [at, value] of changes) bytes[Math.floor(at * (bytes.length - 1))] = value;
          await writeFile(path, bytes);
          await openObject(path, true)
            .then(readSegmentation)
            .catch((error: unknown) => {
              if (!(error instanceof Problem)) throw error;
            });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('stops when it is told to', async () => {
    const object = await openObject(testFile('label.seg'), true);
    await expect(readSegmentation(object, AbortSignal.abort())).rejects.toThrow('abort');
  });

  it('is not written where its frames take more than an element holds', () => {
    expect(() => {
      refuseTooLong(2 ** 32 - 2, 'a.dcm');
    }).not.toThrow();
    expect(() => {
      refuseTooLong(2 ** 32 - 1, 'a.dcm');
    }).toThrow('its frames take 4.0 GiB, and DICOM holds less than 4');
  });
});
