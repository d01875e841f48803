import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { findDicomObject, readDicomObject } from '../../../../main/imaging/dicom/object.ts';
import { tags } from '../../../../main/imaging/dicom/tags.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { dicomFiles, ownDicomFile } from './dicomFiles.ts';
import { readWithPydicom } from './pydicomFrames.ts';

const fileOf = (bytes: Uint8Array<ArrayBuffer>, path = 'test.dcm') => ({ path, bytes });
const ownBytes = (name: string) => new Uint8Array(readFileSync(ownDicomFile(name)));

/** No DICOM to us; and a file that pydicom gives up since its last eight bytes are missing. */
const unlike = new Set(['odd/no_meta.dcm', 'odd/emri_small_jpeg_2k_lossless_too_short.dcm']);

describe('readDicomObject', () => {
  it('reads the attributes that pydicom reads, in every character set and syntax', { timeout: 240_000 }, async () => {
    const files = dicomFiles().filter(({ name }) => !unlike.has(name));
    const theirs = await readWithPydicom(
      files.map(({ path }) => path),
      temporaryFolder(),
    );
    const ours = await Promise.all(files.map(({ path }) => readDicomObject(path, { pixels: false })));
    const position = (numbers: readonly number[]) => (numbers.length === 0 ? null : numbers);
    expect(
      ours.map(({ dataset, meta }, index) => ({
        name: files[index]!.name,
        syntax: meta.text(tags.TransferSyntaxUID) ?? null,
        patientName: (dataset.text(tags.PatientName) ?? '').replace(/=$/, ''),
        modality: dataset.text(tags.Modality) ?? '',
        position: position(dataset.numbers(tags.ImagePositionPatient)),
      })),
    ).toEqual(
      theirs.map(({ syntax, patientName, modality, position: theirPosition }, index) => ({
        name: files[index]!.name,
        syntax,
        // pydicom drops an empty last part of a name.
        patientName: patientName ?? '',
        modality: modality ?? '',
        position: theirPosition,
      })),
    );
  });

  it('takes the character set of an item before that of the object', async () => {
    const { dataset } = await readDicomObject(ownDicomFile('charset/chrSQEncoding.dcm'), { pixels: false });
    const [item] = dataset.items('00321064');
    // The values are those of pydicom's own test (test_charset.py, test_inherited_character_set_encoding and its neighbours).
    expect(item?.text(tags.PatientName)).toBe('ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう');
  });

  it.each(['small/MR_small.dcm', 'small/MR_small_implicit.dcm', 'small/MR_small_bigendian.dcm'])(
    'reads %s without preamble and file meta information',
    async (name) => {
      const whole = await readDicomObject(ownDicomFile(name), { pixels: false });
      const bytes = ownBytes(name);
      const metaLength = new DataView(bytes.buffer).getUint32(140, true);
      const bare = await readDicomObject(fileOf(bytes.slice(144 + metaLength)), { pixels: false });
      expect(bare.encoding).toEqual(whole.encoding);
      expect(bare.dataset.numbers(tags.PixelSpacing)).toEqual(whole.dataset.numbers(tags.PixelSpacing));
      expect(bare.warnings).toHaveLength(1);
    },
  );

  it('reads no more of a file than its header needs', async () => {
    const path = join(temporaryFolder(), 'large.dcm');
    writeFileSync(path, Buffer.concat([ownBytes('small/MR_small.dcm'), Buffer.alloc(2 ** 24)]));
    const { bytes, pixels } = await readDicomObject(path, { pixels: false });
    expect(pixels?.length).toBe(8192);
    expect((await bytes.read(0, 2 ** 30)).length).toBeGreaterThan(2 ** 24);
  });

  it.each([
    ['much longer than the first read', 300_000],
    ['one element longer than the first read', 0],
  ])('reads a header that is %s', async (_, length) => {
    const bytes = ownBytes('small/MR_small.dcm');
    const { pixels } = await readDicomObject(fileOf(bytes), { pixels: false });
    // Before the pixel data, as group 7FE0 sorts.
    const at = pixels!.offset - 12;
    const value = length === 0 ? 2 ** 15 - at - 12 : length;
    const comment = Buffer.alloc(12 + value);
    comment.write('e07f0100', 0, 'hex');
    comment.write('OB', 4);
    comment.writeUInt32LE(value, 8);
    const long = Buffer.concat([bytes.subarray(0, at), comment, bytes.subarray(at)]);
    const path = join(temporaryFolder(), 'long.dcm');
    writeFileSync(path, long);
    expect((await readDicomObject(path, { pixels: false })).pixels?.offset).toBe(pixels!.offset + 12 + value);
  });

  it('does not unpack a deflate bomb for its header', async () => {
    const bytes = ownBytes('small/image_dfl.dcm');
    const metaLength = new DataView(bytes.buffer).getUint32(140, true);
    const element = Buffer.alloc(2 ** 28);
    element.write('080000004f420000ffffff7f', 0, 'hex');
    const bomb = Buffer.concat([bytes.subarray(0, 144 + metaLength), deflateRawSync(element)]);
    const before = process.memoryUsage().arrayBuffers;
    const { pixels } = await readDicomObject(fileOf(new Uint8Array(bomb)), { pixels: false });
    expect(pixels).toBeUndefined();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 29);
  });

  it.each([
    ['a text', new TextEncoder().encode('name,age\nsomebody,40\n')],
    ['a zip', Uint8Array.of(0x50, 0x4b, 3, 4, ...new Uint8Array(300))],
    ['nothing', new Uint8Array(0)],
    ['zeros', new Uint8Array(4096)],
    ['an odd file that starts within an element', ownBytes('odd/no_meta.dcm')],
  ])('takes %s for no DICOM', async (_, bytes) => {
    expect(await findDicomObject(fileOf(bytes), { pixels: false })).toBeUndefined();
    await expect(readDicomObject(fileOf(bytes), { pixels: false })).rejects.toThrow('this is no DICOM file (test.dcm)');
  });

  it('names a file that is not there', async () => {
    await expect(readDicomObject(join(temporaryFolder(), 'none.dcm'), { pixels: false })).rejects.toMatchObject({
      name: 'Problem',
      kind: 'data',
      where: expect.stringContaining('none.dcm') as unknown,
    });
  });

  it('stops where it was cancelled', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(readDicomObject(ownDicomFile('small/MR_small.dcm'), { pixels: true, signal })).rejects.toThrow(
      'stopped',
    );
  });
});
