import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildDataset, type BuildOptions } from '../../../../main/datasets/build/buildDataset.ts';
import { openDataset } from '../../../../main/datasets/openDataset.ts';
import { readImage } from '../../../../main/imaging/image.ts';
import { writeNifti } from '../../../../main/imaging/nifti/write.ts';
import { writeImage as writeAny } from '../../../../main/imaging/write.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { grid, ramp, twoLabels, writeImage, writeText } from '../folders.ts';
import { segment } from '../../imaging/dicom/seg/made.ts';
import { ctFiles } from './exports.ts';

const quiet = { signal: new AbortController().signal, report: () => undefined };
const defaults = { channels: [], labels: [], order: [], resample: false, dryRun: false, existing: 'refuse' } as const;

const build = (folder: string, options: Partial<BuildOptions> = {}) =>
  buildDataset({ ...defaults, ...quiet, sources: [folder], out: `${folder}-built`, ...options });

/** The CT of 3 slices with its SEG; `change` gets the bytes of the SEG. */
function ctWith(change: (label: Buffer) => Buffer): string {
  const folder = join(temporaryFolder(), 'source');
  mkdirSync(folder);
  for (const file of ctFiles.slice(0, 3)) cpSync(file, join(folder, basename(file)));
  writeFileSync(join(folder, 'label.seg'), change(readFileSync(ctFiles[3]!)));
  return folder;
}

/** Replaces the last digits of an identifier by others, everywhere. */
function withOther(bytes: Buffer, end: string): Buffer {
  const other = end.replaceAll(/\d/g, (digit) => String((Number(digit) + 1) % 10));
  return Buffer.from(bytes.toString('latin1').replaceAll(end, other), 'latin1');
}

const [whole, part] = [[4, 3, 2], [2, 2, 1]] as const; // prettier-ignore

async function pairs(names: readonly string[]): Promise<string> {
  const folder = join(temporaryFolder(), 'source');
  for (const name of names) {
    await writeImage(join(folder, 'images', `${name}.nii.gz`), ramp());
    await writeImage(join(folder, 'labels', `${name}.nii.gz`), twoLabels());
  }
  return folder;
}

describe('building a data set', () => {
  it('refuses a SEG in another frame of reference than its image', async () => {
    await expect(build(ctWith((seg) => seg))).resolves.toMatchObject({ patients: 1 });
    const other = ctWith((seg) => withOther(seg, '789171700769'));
    await expect(build(other)).rejects.toThrow('another frame of reference');
    expect(existsSync(`${other}-built`)).toBe(false);
  });

  it('says of a SEG whose series is not there, nor any image beside it in its frame, that its image is missing', async () => {
    const lost = ctWith((seg) => withOther(withOther(seg, '069050794718'), '789171700769'));
    await expect(build(lost)).rejects.toThrow('the image that it was drawn on is not here');
    const beside = ctWith((seg) => withOther(seg, '069050794718'));
    await expect(build(beside)).resolves.toMatchObject({ patients: 1 });
  });

  it('puts a smaller label into the image, and refuses one on other voxels unless told to resample', async () => {
    const folder = await pairs(['a']);
    const label = join(folder, 'labels', 'a.nii.gz');
    const small = { ...grid, shape: part, origin: [11, -4, 5] as const };
    await writeNifti(label, { grid: small, channels: 1, data: Uint8Array.of(1, 2, 1, 1) }, { existing: 'replace' });
    await build(folder);
    const [{ label: built } = { label: undefined }] = (await openDataset(`${folder}-built`)).cases;
    const { volume } = await readImage(built!);
    expect(volume.grid.shape).toEqual(whole);
    expect([...volume.data].flatMap((value, v) => (value === 0 ? [] : [[v, value]]))).toEqual([[17, 1], [18, 2], [21, 1], [22, 1]]); // prettier-ignore
    const moved = { ...grid, origin: [10.5, -5, 3] as const };
    await writeNifti(label, { grid: moved, channels: 1, data: twoLabels() }, { existing: 'replace' });
    await expect(build(folder, { existing: 'replace' })).rejects.toThrow('on other voxels');
    const { cases } = await build(folder, { existing: 'replace', resample: true });
    expect(cases[0]?.notes).toContainEqual(expect.stringContaining('resampled'));
  });

  it('matches sequences by pattern, refuses other grids, and resamples them only where asked', async () => {
    const folder = join(temporaryFolder(), 'source');
    const fine = { ...grid, spacing: [0.5, 0.5, 1] as const };
    for (const name of ['p1', 'p2', 'p3']) {
      await writeImage(join(folder, 'imagesTr', `${name}_0000.nii.gz`), ramp(), name === 'p2' ? fine : grid);
      await writeImage(join(folder, 'imagesTr', `${name}_0001.nii.gz`), ramp().reverse());
      await writeImage(join(folder, 'labelsTr', `${name}.nii.gz`), twoLabels());
    }
    const channels = [{ name: 'FLAIR', pattern: /_0001/u }, { name: 'T1', pattern: /_0000/u }]; // prettier-ignore
    const { cases, leftOut } = await build(folder, { channels });
    expect(cases.length).toBe(2);
    expect(leftOut).toContainEqual(
      expect.objectContaining({ why: expect.stringContaining('different grids') as unknown }),
    );
    const opened = await openDataset(`${folder}-built`);
    expect(opened.channels).toEqual(['FLAIR', 'T1']);
    expect([...(await readImage(opened.cases[0]!.images[0]!)).volume.data]).toEqual([...ramp().reverse()]);
    const all = await build(folder, { channels, resample: true, existing: 'replace' });
    expect(all.cases.length).toBe(3);
    const unknown = { channels: [{ name: 'T2', pattern: /T2/u }], existing: 'replace' } as const;
    await expect(build(folder, unknown)).rejects.toThrow('no image is T2');
  });

  it('refuses overlaps without an order, and settles them by it', async () => {
    const folder = join(temporaryFolder(), 'source');
    await writeImage(join(folder, 'a.nii.gz'), ramp());
    const image = await readImage(join(folder, 'a.nii.gz'));
    const data = new Uint8Array(48);
    data.fill(1, 3, 9).fill(1, 24 + 6, 24 + 12);
    const segments = [segment(1, 0, 'lung'), segment(1, 1, 'tumour')];
    await writeAny(
      join(folder, 'a.seg.nrrd'),
      { ...image, volume: { grid, channels: 2, data }, segments },
      { existing: 'refuse' },
    );
    await expect(build(folder)).rejects.toThrow('lung and tumour overlap in 3 voxels');
    for (const [order, value] of [
      [['lung', 'tumour'], 2],
      [['tumour', 'lung'], 1],
    ] as const) {
      const { cases } = await build(folder, { order, existing: 'replace' });
      expect(cases[0]?.notes).toEqual(['lung and tumour overlap in 3 voxels, settled by the order']);
      const [entry] = (await openDataset(`${folder}-built`)).cases;
      const built = [...(await readImage(entry!.label!)).volume.data];
      expect(built.slice(3, 12)).toEqual([1, 1, 1, value, value, value, 2, 2, 2]);
    }
    await expect(build(folder, { order: ['heart'], existing: 'replace' })).rejects.toThrow('heart is no label');
  });

  it('refuses a name of a structure that gives the patient away', async () => {
    const folder = await pairs(['Mueller']);
    writeText(join(folder, 'dataset.json'), { labels: { '1': 'GTV mueller', '2': 'cord' } });
    await expect(build(folder)).rejects.toThrow("a part of a patient's name");
    await expect(build(folder, { labels: [{ name: 'cord', value: 1 }] })).resolves.toMatchObject({ patients: 1 });
  });

  it('groups files by the pattern that finds their patient', async () => {
    const folder = await pairs(['s1-a', 's1-b', 's2-a']);
    await expect(build(folder)).resolves.toMatchObject({ patients: 3 });
    await expect(build(folder, { groupBy: '(s\\d)-[ab]', existing: 'replace' })).resolves.toMatchObject({
      patients: 2,
    });
    await expect(build(folder, { groupBy: 'x(\\d)', existing: 'replace' })).rejects.toThrow('finds no group');
  });

  it('leaves nothing behind where the key cannot be written or the folder is there already', async () => {
    const folder = await pairs(['a']);
    const keyFile = join(folder, 'no', 'such', 'key.json');
    await expect(build(folder, { keyFile })).rejects.toThrow('no such file');
    expect(existsSync(`${folder}-built`)).toBe(false);
    await expect(build(folder, { keyFile: `${folder}-built/key.json` })).rejects.toThrow(
      'the key would lie in the data set',
    );
    await build(folder);
    await expect(build(folder)).rejects.toThrow('exists already');
  });

  it('takes the key back where the folder comes to be there meanwhile', async () => {
    const folder = await pairs(['a']);
    const keyFile = `${folder}-key.json`;
    const intrude = () => {
      mkdirSync(`${folder}-built`, { recursive: true });
    };
    await expect(build(folder, { keyFile, report: intrude })).rejects.toThrow('exists already');
    expect(existsSync(keyFile)).toBe(false);
  });

  it('refuses values with gaps, and labels that nobody drew', async () => {
    const folder = await pairs(['a']);
    await expect(build(folder, { labels: [{ name: 'label_1', value: 2 }] })).rejects.toThrow('without a gap');
    await expect(build(folder, { labels: [{ name: 'heart', value: 1 }] })).rejects.toThrow(
      'none of the structures is drawn',
    );
  });
});
