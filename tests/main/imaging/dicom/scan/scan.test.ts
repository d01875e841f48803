import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dicomReader } from '../../../../../main/imaging/dicom/reader.ts';
import { describeImages } from '../../../../../main/imaging/image.ts';
import { dicomFile } from '../../../../support/dicomFile.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';
import { zipFile, type ZipEntry } from '../../../../support/zipFile.ts';
import { ctSlice, writeSeries, type MadeSeries } from '../series/madeSeries.ts';
import { openDicom, readDicom } from '../series/openDicom.ts';

const data = join(import.meta.dirname, '../../../../data/dicom-series');

const series: MadeSeries = {
  columns: 2,
  rows: 2,
  pixelSize: [1, 1],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  slices: [0, 1, 2].map((z) => ({ position: [0, 0, z], pixels: Int16Array.from([z, z, z, z]) })),
};

const slices = (): ZipEntry[] =>
  series.slices.map((slice, n) => ({ name: `deep/${9 - n}`, data: dicomFile(ctSlice(series, slice, n)) }));

function archive(entries: readonly ZipEntry[], claims?: { packed?: number }): string {
  const path = join(temporaryFolder(), 'study.zip');
  writeFileSync(path, zipFile(entries, claims));
  return path;
}

/** A slice of 512 x 512 pixels, of which only the header takes room on the disk. */
function writeLargeSlice(path: string, n: number): void {
  const large: MadeSeries = { ...series, columns: 512, rows: 512 };
  const header = dicomFile(ctSlice(large, { position: [0, 0, n], pixels: new Int16Array(0) }, n));
  const bytes = 512 * 512 * 2;
  header.writeUInt32LE(bytes, header.length - 4);
  writeFileSync(path, header);
  truncateSync(path, header.length + bytes);
}

/** What this process has read from files until now, where the system counts it. */
function bytesRead(): number | undefined {
  const counters = '/proc/self/io';
  return existsSync(counters) ? Number(/rchar: (\d+)/.exec(readFileSync(counters, 'utf8'))?.[1]) : undefined;
}

describe('a folder', () => {
  it('is read with the folders within, whatever the files are called, others being counted', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    writeSeries(join(folder, 'a/b'), series, ['no-extension', 'slice.txt', '.hidden']);
    writeFileSync(join(folder, 'README.txt'), 'Burnt by the radiology department.');
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'a/report.dcm'), dicomFile({ '00080016 UI': '1.2.840.10008.5.1.4.1.1.88.11' }));
    expect(await dicomReader.handles(folder)).toBe(true);
    const { volume, warnings, files } = await readDicom(folder);
    expect(volume.grid.shape).toEqual([2, 2, 3]);
    expect(files).toHaveLength(3);
    expect(warnings).toEqual([
      '2 files were passed over: no DICOM',
      '1 file was passed over: an object without pixels',
    ]);
  });

  it('that holds an instance twice gives it once, and says so', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'copy'));
    writeSeries(folder, series);
    writeSeries(join(folder, 'copy'), series);
    const { volume, warnings } = await readDicom(folder);
    expect(volume.grid.shape).toEqual([2, 2, 3]);
    expect(warnings).toEqual(['3 files are copies of others and were passed over']);
  });

  it('with a damaged file is read without it, which is said', async () => {
    const folder = temporaryFolder();
    writeSeries(folder, series);
    symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
    expect((await readDicom(folder)).warnings.join()).toMatch(
      /1 file was passed over: unreadable \(there is no such file/,
    );
  });

  it('is read with the folders that links lead to, each once, though they lead in a circle', async () => {
    const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()];
    writeSeries(elsewhere, series);
    for (const [place, name] of [
      [elsewhere, 'again'],
      [elsewhere, 'linked'],
      [folder, 'self'],
    ] as const)
      symlinkSync(place, join(folder, name), 'junction');
    symlinkSync(folder, join(elsewhere, 'back'), 'junction');
    expect(await dicomReader.handles(folder)).toBe(true);
    const { volume, warnings } = await readDicom(folder);
    expect(volume.grid.shape).toEqual([2, 2, 3]);
    expect(warnings).toEqual([]);
  });

  it('without DICOM is another reader’s, and refused by this one', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.txt'), 'text');
    expect(await dicomReader.handles(folder)).toBe(false);
    await expect(openDicom(folder)).rejects.toMatchObject({
      kind: 'data',
      what: expect.stringMatching(/no DICOM image/) as string,
    });
  });

  it('of 10,000 files is described from headers, in little memory', async () => {
    const folder = temporaryFolder();
    const files = 10_000;
    for (let n = 0; n < files; n++) writeLargeSlice(join(folder, String(n)), n);
    global.gc?.();
    const before = { memory: process.memoryUsage().rss, read: bytesRead() };
    const [volume] = await describeImages(folder);
    expect(volume).toMatchObject({ shape: [512, 512, files], files, warnings: [] });
    expect(process.memoryUsage().rss - before.memory).toBeLessThan(150 * 2 ** 20);
    // At most the first block of each, a sixteenth of what there is.
    if (before.read !== undefined) expect(bytesRead()! - before.read).toBeLessThan(files * 33 * 2 ** 10);
  });

  it('stops being read when the person stops it', async () => {
    const folder = temporaryFolder();
    writeSeries(folder, series);
    const controller = new AbortController();
    controller.abort(new Error('stopped'));
    await expect(dicomReader.open(folder, { signal: controller.signal })).rejects.toThrow('stopped');
  });
});

describe('a zip archive', () => {
  it('holds the same volume as the folder it was made of', async () => {
    const folder = temporaryFolder();
    writeSeries(folder, series);
    const path = archive([
      ...slices(),
      { name: 'notes.txt', data: Buffer.from('notes') },
      { name: 'deep/', data: Buffer.alloc(0) },
    ]);
    expect(await dicomReader.handles(path)).toBe(true);
    const [zipped, plain] = [await readDicom(path), await readDicom(folder)];
    expect(zipped.volume).toEqual(plain.volume);
    expect(zipped.files).toEqual([path]);
    expect(zipped.warnings).toEqual(['1 file was passed over: no DICOM']);
  });

  it('that claims more than deflate can give is refused before anything is unpacked', async () => {
    const path = archive([{ name: 'bomb', data: Buffer.alloc(100), claims: 2 ** 31 }]);
    await expect(openDicom(path)).rejects.toMatchObject({
      kind: 'data',
      what: 'the archive claims to hold more than it can',
    });
  });

  it('of which the entries lie over one another is refused', async () => {
    const path = archive(slices(), { packed: 5000 });
    await expect(openDicom(path)).rejects.toMatchObject({ what: 'the archive claims to hold more than it can' });
  });

  it('of which an entry unpacks to more than it claims is not unpacked farther', async () => {
    const path = archive([{ name: 'bomb', data: Buffer.alloc(50 * 2 ** 20), claims: 1000 }]);
    await expect(openDicom(path)).rejects.toMatchObject({
      kind: 'data',
      what: expect.stringMatching(/damaged: too many bytes/) as string,
    });
  });

  it('that is cut off, or encrypted, is refused', async () => {
    const path = archive(slices());
    writeFileSync(path, readFileSync(path).subarray(0, 300));
    await expect(openDicom(path)).rejects.toMatchObject({
      kind: 'data',
      what: expect.stringMatching(/^the archive is damaged/) as string,
    });
    const locked = archive(
      slices()
        .slice(0, 1)
        .map((entry) => ({ ...entry, flags: 1 })),
    );
    await expect(openDicom(locked)).rejects.toMatchObject({ what: 'the archive is encrypted' });
  });
});

describe('a DICOMDIR', () => {
  it.each(['DICOMDIR', 'DICOMDIR-bigEnd'])(
    'named %s leads to the files that are there, and counts the others',
    async (name) => {
      const sources = await openDicom(join(data, 'dicomdir', name));
      expect(sources.map(({ description }) => `${description.modality} ${description.shape.join('x')}`).sort()).toEqual(
        ['CT 16x16x4', 'MR 16x16x1', 'MR 16x16x1', 'MR 16x16x1'],
      );
      expect(sources[0]?.description.warnings[0]).toBe('24 of the files that the DICOMDIR names are not there');
    },
  );

  it('finds files whose names were made small in copying', async () => {
    const folder = temporaryFolder();
    cpSync(join(data, 'dicomdir'), folder, { recursive: true });
    for (const name of readdirSync(folder).filter((one) => !one.startsWith('DICOMDIR'))) {
      for (const inner of readdirSync(join(folder, name)))
        cpSync(join(folder, name, inner), join(folder, name, inner.toLowerCase()), { recursive: true });
      for (const inner of readdirSync(join(folder, name)).filter((one) => one !== one.toLowerCase()))
        rmSync(join(folder, name, inner), { recursive: true });
    }
    expect(await openDicom(join(folder, 'DICOMDIR'))).toHaveLength(4);
  });

  it('without its files is refused', async () => {
    const folder = temporaryFolder();
    cpSync(join(data, 'dicomdir/DICOMDIR'), join(folder, 'DICOMDIR'));
    await expect(openDicom(join(folder, 'DICOMDIR'))).rejects.toMatchObject({
      what: 'none of the files that it names is there',
    });
  });

  it('never leads out of its folder', async () => {
    const folder = temporaryFolder();
    writeSeries(folder, series, ['0', '1', '2']);
    mkdirSync(join(folder, 'disc'));
    const record = { '00041430 CS': 'IMAGE', '00041500 CS': ['..', '0'] };
    writeFileSync(
      join(folder, 'disc/DICOMDIR'),
      dicomFile({ '00080016 UI': '1.2.840.10008.1.3.10', '00041220 SQ': [record] }),
    );
    await expect(openDicom(join(folder, 'disc/DICOMDIR'))).rejects.toMatchObject({
      what: 'none of the files that it names is there',
    });
  });
});

describe('one file', () => {
  it('that is no picture is refused with what it is', async () => {
    const path = join(temporaryFolder(), 'report.dcm');
    writeFileSync(path, dicomFile({ '00080016 UI': '1.2.840.10008.5.1.4.1.1.88.11' }));
    await expect(openDicom(path)).rejects.toMatchObject({
      kind: 'data',
      what: 'this is an object without pixels, no image',
    });
  });
});
