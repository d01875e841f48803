import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../ml/check/problem.ts';
import { type DecodedFrame, decodeFrame } from '../../../../main/imaging/dicom/frames.ts';
import { type DicomObject, readDicomObject } from '../../../../main/imaging/dicom/object.ts';
import { tags } from '../../../../main/imaging/dicom/tags.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { dicomFiles, ownDicomFile } from './dicomFiles.ts';
import { type TheirFile, readWithPydicom } from './pydicomFrames.ts';

/** Files about which we and pydicom do not say the same, and why. */
const exceptions: Readonly<Record<string, string>> = {
  'odd/emri_small_jpeg_2k_lossless_too_short.dcm':
    'only the end mark is missing: every frame is whole, and pydicom drops all',
};

/** JPEG of 12 bits: libjpeg computes the cosine transform in integers, we in floating point. Else the rounding of colours. */
const spread = (syntax: string): number => (/\.4\.5[135]$/.test(syntax) ? 2 : /\.4\.(50|91|203)$/.test(syntax) ? 1 : 0);

interface OurFile {
  readonly object: DicomObject | undefined;
  readonly frames: readonly DecodedFrame[];
  readonly error: string | null;
}

async function readOurs(path: string): Promise<OurFile> {
  let object: DicomObject | undefined;
  const frames: DecodedFrame[] = [];
  try {
    object = await readDicomObject(path, { pixels: true });
    const count = object.dataset.number(tags.NumberOfFrames) ?? 1;
    for (let index = 0; index < count; index++) frames.push(await decodeFrame(object, index));
    return { object, frames, error: null };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { object, frames, error: error.what };
  }
}

/** The largest difference of any value, infinite where there are more or fewer. */
function difference(ours: readonly DecodedFrame[], values: Float64Array): number {
  let most = 0;
  let at = 0;
  for (const { data } of ours)
    for (const value of data) {
      const distance = Math.abs(value - (values[at++] ?? Number.NaN));
      most = Number.isNaN(distance) ? Infinity : Math.max(most, distance);
    }
  return at === values.length ? most : Infinity;
}

function compare(ours: OurFile, theirs: TheirFile): { same: boolean; ours: string; theirs: string } {
  const theirText = theirs.error ?? theirs.shape?.join(' x ') ?? '';
  if (ours.error !== null || theirs.values === null)
    return { same: ours.error !== null && theirs.values === null, ours: ours.error ?? 'read', theirs: theirText };
  const most = difference(ours.frames, new Float64Array(new Uint8Array(readFileSync(theirs.values)).buffer));
  const same = most <= spread(ours.object?.transferSyntax.uid ?? '');
  return { same, ours: `differs by ${most}`, theirs: theirText };
}

describe('decodeFrame', () => {
  it(
    'gives the stored values that pydicom, gdcm and libjpeg give, or says clearly why not',
    { timeout: 240_000 },
    async () => {
      const files = dicomFiles();
      const theirs = await readWithPydicom(
        files.map(({ path }) => path),
        temporaryFolder(),
      );
      const rows: string[] = [];
      const unexplained: string[] = [];
      for (const [index, { path, name }] of files.entries()) {
        const row = compare(await readOurs(path), theirs[index]!);
        if (!row.same || theirs[index]!.values === null)
          rows.push(`${name}\n    ours:   ${row.ours}\n    theirs: ${row.theirs}`);
        if (!row.same && exceptions[name] === undefined)
          unexplained.push(`${name}: ${row.ours}; theirs: ${row.theirs}`);
        if (exceptions[name] !== undefined) rows.push(`    why:    ${exceptions[name]}`);
      }
      process.stdout.write(`${files.length} DICOM files; those which we or pydicom do not read:\n${rows.join('\n')}\n`);
      expect(unexplained).toEqual([]);
    },
  );

  it('reads every frame of a file that lacks only its end mark', async () => {
    const whole = await readOurs(ownDicomFile('multiframe/emri_small_jpeg_2k_lossless.dcm'));
    const short = await readOurs(ownDicomFile('odd/emri_small_jpeg_2k_lossless_too_short.dcm'));
    expect(short.frames).toEqual(whole.frames);
  });

  it('reads the same from a header alone, frame by frame', async () => {
    for (const name of [
      'multiframe/emri_small_big_endian.dcm',
      'multiframe/emri_small_RLE.dcm',
      'small/image_dfl.dcm',
    ]) {
      const object = await readDicomObject(ownDicomFile(name), { pixels: false });
      const whole = await readDicomObject(ownDicomFile(name), { pixels: true });
      const last = (object.dataset.number(tags.NumberOfFrames) ?? 1) - 1;
      expect(await decodeFrame(object, last)).toEqual(await decodeFrame(whole, last));
    }
  });

  it.each([
    ['small/MR_small.dcm', 'the file is cut off before its end'],
    ['small/MR_small_RLE.dcm', 'the file is cut off'],
    ['small/MR_small_jp2klossless.dcm', 'the file is cut off'],
    ['multiframe/sm_image.dcm', 'the file is cut off before its end'],
  ])('says which frame of %s is cut off', async (name, what) => {
    const bytes = new Uint8Array(readFileSync(ownDicomFile(name)));
    const object = await readDicomObject({ path: 'cut.dcm', bytes: bytes.slice(0, -800) }, { pixels: true });
    const last = (object.dataset.number(tags.NumberOfFrames) ?? 1) - 1;
    await expect(decodeFrame(object, last)).rejects.toMatchObject({
      name: 'Problem',
      kind: 'data',
      where: 'cut.dcm',
      what: `frame ${last + 1} cannot be read: ${what}`,
    });
  });

  it('refuses a frame that is larger than its object says, before it decodes it', async () => {
    const object = await readDicomObject(ownDicomFile('small/MR_small_jp2klossless.dcm'), { pixels: true });
    const bytes = new Uint8Array(readFileSync(ownDicomFile('small/MR_small_jp2klossless.dcm')));
    const size = Buffer.from(bytes.buffer).indexOf('ff4fff51', 0, 'hex');
    new DataView(bytes.buffer).setUint32(size + 8, 60_000);
    const large = await readDicomObject({ path: 'large.dcm', bytes }, { pixels: true });
    expect((await decodeFrame(object, 0)).columns).toBe(64);
    await expect(decodeFrame(large, 0)).rejects.toThrow('it is 60000 x 64 x 1 in size where the file says 64 x 64 x 1');
  });

  it('refuses a frame number that the object does not have', async () => {
    const object = await readDicomObject(ownDicomFile('small/MR_small.dcm'), { pixels: true });
    await expect(decodeFrame(object, 1)).rejects.toThrow('there is no such frame');
  });
});
