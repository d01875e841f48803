import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Matrix3 } from '../../../../../ml/volume/grid.ts';
import { dicomFile, type DicomElements } from '../../../../support/dicomFile.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';
import { ctSlice, writeSeries, type MadeSeries, type MadeSlice } from './madeSeries.ts';
import { openDicom, readDicom } from './openDicom.ts';

const axial: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const frame = { columns: 2, rows: 2, pixelSize: [1, 1], direction: axial } as const;
const slice = (z: number, value: number, elements?: DicomElements): MadeSlice => ({
  position: [0, 0, z],
  pixels: Int16Array.from([value, value, value, value]),
  elements,
});

/** The first voxel of each slice, channel by channel. */
async function firstVoxels(folder: string, volume = 0): Promise<number[]> {
  const sources = await openDicom(folder);
  const { volume: read } = await sources[volume]!.read({ signal: new AbortController().signal, irregular: 'refuse' });
  return [...read.data].filter((_, v) => v % 4 === 0);
}

async function labels(folder: string): Promise<string[]> {
  return (await openDicom(folder)).map(
    ({ description }) => `${description.description} ${description.shape.join('x')}`,
  );
}

describe('the frames of a series', () => {
  it.each([
    ['echo time', '00180081 DS', '2.5', '5', 'echo time 2.5 ms', 'echo time 5 ms'],
    ['b-value', '00189087 FD', 0, 1000, 'b-value 0 s/mm2', 'b-value 1000 s/mm2'],
    ['inversion time', '00180082 DS', '100', '200', 'inversion time 100 ms', 'inversion time 200 ms'],
    [
      'image type',
      '00080008 CS',
      'ORIGINAL\\PRIMARY\\M',
      'ORIGINAL\\PRIMARY\\P',
      'image type ORIGINAL PRIMARY M',
      'image type ORIGINAL PRIMARY P',
    ],
  ])('become a volume each %s, where they lie at the same places', async (_, tag, first, second, one, two) => {
    const folder = temporaryFolder();
    const slices = [0, 1, 2].flatMap((z) => [slice(z, z, { [tag]: first }), slice(z, 10 + z, { [tag]: second })]);
    writeSeries(folder, { ...frame, slices });
    expect((await labels(folder)).sort()).toEqual([`Made series, ${one} 2x2x3`, `Made series, ${two} 2x2x3`].sort());
    const values = [await firstVoxels(folder, 0), await firstVoxels(folder, 1)].sort((a, b) => a[0]! - b[0]!);
    expect(values).toEqual([
      [0, 1, 2],
      [10, 11, 12],
    ]);
  });

  it.each([
    ['Siemens', { '00190011 LO': 'SIEMENS MR HEADER', '0019110c IS': 0 }, { '0019110c IS': 1000 }],
    ['GE', { '00430010 LO': 'GEMS_PARM_01', '00431039 IS': [0, 8] }, { '00431039 IS': [1_000_001_000, 8] }],
    ['Philips', { '20010010 LO': 'Philips Imaging DD 001', '20011003 FL': 0 }, { '20011003 FL': 1000 }],
    [
      'Philips through a PACS',
      { '20010010 LO': 'Philips Imaging DD 001', '20011003 UN': new Uint8Array(4) },
      { '20011003 UN': new Uint8Array(Float32Array.of(1000).buffer) },
    ],
  ])('become a volume each b-value of %s', async (_, first, changed) => {
    const folder = temporaryFolder();
    const slices = [0, 1].flatMap((z) =>
      [first, { ...first, ...changed }].map((one, n) => slice(z, 10 * n + z, { '00080060 CS': 'MR', ...one })),
    );
    writeSeries(folder, { ...frame, slices });
    expect((await labels(folder)).sort()).toEqual([
      'Made series, b-value 0 s/mm2 2x2x2',
      'Made series, b-value 1000 s/mm2 2x2x2',
    ]);
  });

  it('stay one volume where their image types differ but no two lie at one place', async () => {
    const folder = temporaryFolder();
    const slices = [0, 1, 2].map((z) =>
      slice(z, z, { '00080008 CS': z === 1 ? 'DERIVED\\SECONDARY' : 'ORIGINAL\\PRIMARY' }),
    );
    writeSeries(folder, { ...frame, slices });
    expect(await labels(folder)).toEqual(['Made series 2x2x3']);
  });

  it.each([
    ['temporal position', '00200100 IS', [3, 1, 2]],
    ['trigger time', '00181060 DS', [500, 20, 100]],
    ['frame reference time', '00541300 DS', [9000, 100, 2000]],
    ['acquisition time', '00080032 TM', ['110001.5', '105959', '110001']],
    ['acquisition number', '00200012 IS', [30, 4, 11]],
    ['content time', '00080033 TM', ['235959.999', '000000', '120000']],
  ] as const)('of one place follow one another in time by %s', async (_, tag, times) => {
    const folder = temporaryFolder();
    const slices = times.flatMap((time, t) => [1, 0].map((z) => slice(z, 10 * t + z, { [tag]: time })));
    writeSeries(folder, { ...frame, slices });
    expect(await labels(folder)).toEqual(['Made series 2x2x2x3']);
    expect(await firstVoxels(folder)).toEqual([10, 11, 20, 21, 0, 1]);
  });

  it('say so where a time point lacks a slice', async () => {
    const folder = temporaryFolder();
    const slices = [0, 1, 2].flatMap((t) => [0, 1].map((z) => slice(z, t, { '00200100 IS': t })));
    writeSeries(folder, { ...frame, slices: slices.slice(0, -1) });
    await expect(readDicom(folder)).rejects.toMatchObject({ what: 'some slices have 3 time points and others 2' });
    expect((await readDicom(folder, 'resample')).volume.channels).toBe(2);
  });

  it('become volumes of their own where orientation, pixel spacing, size or series differ', async () => {
    const folder = temporaryFolder();
    const slices = [slice(0, 1), slice(1, 2)];
    const series: MadeSeries[] = [
      { ...frame, slices },
      { ...frame, slices, direction: [0, 0, -1, 1, 0, 0, 0, -1, 0] },
      { ...frame, slices, pixelSize: [1.1, 1] },
      { ...frame, slices: slices.map((one) => ({ ...one, pixels: new Int16Array(6) })), columns: 3 },
      { ...frame, slices: slices.map((one) => ({ ...one, elements: { '0020000e UI': '1.2.3.5', '00200011 IS': 2 } })) },
    ];
    series.forEach((one, s) => {
      one.slices.forEach((each, n) => {
        writeFileSync(join(folder, `${s}${n}`), dicomFile(ctSlice(one, each, 10 * s + n)));
      });
    });
    expect(await openDicom(folder)).toHaveLength(5);
    // The scanner's numbers order the series.
    expect((await openDicom(folder))[0]?.description.name).toBe('Made_series_2');
  });

  it('hold together where careless anonymisation gave each its own frame of reference or all one UID', async () => {
    const folder = temporaryFolder();
    const slices = [0, 1, 2].map((z) => slice(z, z, { '00200052 UI': `1.2.9.${z}`, '00080018 UI': '1.2.3' }));
    writeSeries(folder, { ...frame, slices });
    expect(await labels(folder)).toEqual(['Made series 2x2x3']);
  });

  it('are named by the series and never by the patient', async () => {
    const folder = temporaryFolder();
    writeSeries(folder, { ...frame, slices: [slice(0, 1)] });
    const [source] = await openDicom(folder);
    expect(source?.description.name).toBe('Made_series_7');
    expect(JSON.stringify(source?.description)).not.toMatch(/Doe|Jane/);
  });
});

describe('a multi-frame object', () => {
  const plane = (z: number): DicomElements => ({ '00209113 SQ': [{ '00200032 DS': [0, 0, z] }] });
  const shared: DicomElements = {
    '00209116 SQ': [{ '00200037 DS': [1, 0, 0, 0, 1, 0] }],
    '00289110 SQ': [{ '00280030 DS': [0.5, 0.25], '00180050 DS': 3 }],
  };

  function enhanced(frames: readonly DicomElements[], values: readonly number[], common = shared): Buffer {
    const pixels = Int16Array.from(values.flatMap((value) => [value, value, value, value]));
    const base = ctSlice({ ...frame, slices: [] }, { position: [9, 9, 9], pixels }, 1);
    const placed = ['00200032 DS', '00200037 DS', '00280030 DS'];
    const rest = Object.fromEntries(Object.entries(base).filter(([key]) => !placed.includes(key)));
    return dicomFile({
      ...rest,
      '00080016 UI': '1.2.840.10008.5.1.4.1.1.2.1',
      '00280008 IS': frames.length,
      '52009229 SQ': [common],
      '52009230 SQ': frames,
    });
  }

  async function read(bytes: Buffer) {
    const path = join(temporaryFolder(), 'enhanced');
    writeFileSync(path, bytes);
    return readDicom(path);
  }

  it('is sorted by the places of its frames, spacing and orientation being shared', async () => {
    const { volume } = await read(enhanced([plane(4), plane(0), plane(2)], [30, 10, 20]));
    expect(volume.grid).toMatchObject({ shape: [2, 2, 3], spacing: [0.25, 0.5, 2], origin: [0, 0, 0] });
    expect([...volume.data].filter((_, v) => v % 4 === 0)).toEqual([10, 20, 30]);
  });

  it('scales each frame by its own slope', async () => {
    const frames = [1, 2, 3].map((k) => ({
      ...plane(k),
      '00289145 SQ': [{ '00281053 DS': k / 2, '00281052 DS': -k }],
    }));
    const { volume } = await read(enhanced(frames, [10, 10, 10]));
    expect(volume.data).toBeInstanceOf(Float32Array);
    expect([...volume.data].filter((_, v) => v % 4 === 0)).toEqual([4, 8, 12]);
  });

  it('puts frames of one place in the order of their temporal position', async () => {
    const frames = [2, 1].flatMap((time) =>
      [0, 1].map((z) => ({ ...plane(z), '00209111 SQ': [{ '00209128 UL': time }] })),
    );
    const { volume } = await read(enhanced(frames, [20, 21, 10, 11]));
    expect(volume.channels).toBe(2);
    expect([...volume.data].filter((_, v) => v % 4 === 0)).toEqual([10, 11, 20, 21]);
  });

  it('keeps its frames in order as a film where it does not say where they lie', async () => {
    const { volume, warnings } = await read(enhanced([{}, {}, {}], [3, 1, 2], {}));
    expect(volume.grid).toMatchObject({ shape: [2, 2, 1], unit: 'voxel' });
    expect([...volume.data].filter((_, v) => v % 4 === 0)).toEqual([3, 1, 2]);
    expect(warnings.join()).toMatch(/how large its pixels are.*where its frames lie/);
  });

  it('uses a real-world value map where nothing else scales it', async () => {
    const map = { '00409225 FD': 0.5, '00409224 FD': 1, '004008ea SQ': [{ '00080100 SH': 'mm2/s' }] };
    const image = await read(enhanced([{ ...plane(0), '00409096 SQ': [map] }], [8]));
    expect(image.unit).toBe('mm2/s');
    expect(image.volume.data[0]).toBe(5);
  });
});
