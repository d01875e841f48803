import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Image } from '../../../../../main/imaging/reader.ts';
import { dicomFile, type DicomElements } from '../../../../support/dicomFile.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';
import { ctSlice, writeSeries, type MadeSeries } from './madeSeries.ts';
import { openDicom, readDicom } from './openDicom.ts';

const frame: MadeSeries = {
  columns: 2,
  rows: 2,
  pixelSize: [1, 1],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  slices: [],
};

async function readOne(
  elements: DicomElements,
  pixels: Int16Array | Uint16Array = Uint16Array.from([0, 1, 100, 4095]),
): Promise<Image> {
  const path = join(temporaryFolder(), 'one');
  writeFileSync(path, dicomFile(ctSlice(frame, { position: [0, 0, 0], pixels, elements }, 1)));
  return readDicom(path);
}

describe('real values', () => {
  it('differ in slope from slice to slice, as in a PET', async () => {
    const folder = temporaryFolder();
    const slices = [1, 2, 3].map((k) => ({
      position: [0, 0, k] as const,
      pixels: Uint16Array.from([100, 200, 300, 400]),
      elements: { '00281053 DS': `0.${k}`, '00281052 DS': '0' },
    }));
    writeSeries(folder, { ...frame, slices });
    const { volume } = await readDicom(folder);
    expect([...volume.data]).toEqual(
      [1, 2, 3].flatMap((k) => [100, 200, 300, 400].map((value) => Math.fround((value * k) / 10))),
    );
  });

  it('follow a modality table, its ends standing for all beyond them', async () => {
    const table = {
      '00283002 US': [3, 99, 16],
      '00283004 LO': 'OD',
      '00283006 OW': new Uint8Array(Uint16Array.from([7, 500, 9000]).buffer),
    };
    const image = await readOne({ '00283000 SQ': [table] }, Uint16Array.from([0, 99, 100, 4095]));
    expect([...image.volume.data]).toEqual([7, 7, 500, 9000]);
    expect(image.unit).toBe('OD');
  });

  it('are in Hounsfield units for a rescaled CT slice that names no unit, and in none for a localiser', async () => {
    const rescale = { '00281052 DS': '-1024', '00281053 DS': '1' };
    expect((await readOne(rescale)).unit).toBe('HU');
    expect((await readOne({ ...rescale, '00281054 LO': 'US' })).unit).toBeNull();
    expect((await readOne({ ...rescale, '00080008 CS': ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] })).unit).toBeNull();
  });
});

describe('what is said about showing an image', () => {
  it('holds the windows in the unit of the values', async () => {
    const { display } = await readOne({
      '00281050 DS': [40, -600],
      '00281051 DS': [400, 1500],
      '00281055 LO': ['Soft', 'Lung'],
    });
    expect(display?.windows).toEqual([
      { centre: 40, width: 400, name: 'Soft' },
      { centre: -600, width: 1500, name: 'Lung' },
    ]);
  });

  it('says that MONOCHROME1 is shown inverted, and leaves its values', async () => {
    const inverted = await readOne({ '00280004 CS': 'MONOCHROME1' });
    expect(inverted.display?.inverted).toBe(true);
    expect([...inverted.volume.data]).toEqual([0, 1, 100, 4095]);
    expect((await readOne({})).display?.inverted).toBe(false);
  });

  it('holds the padding in the unit of the values', async () => {
    const rescale = { '00281052 DS': '-1024', '00281053 DS': '1' };
    expect((await readOne({ ...rescale, '00280120 US': 5, '00280121 US': 9 })).display?.padding).toEqual({
      from: -1019,
      to: -1015,
    });
    expect((await readOne({})).display?.padding).toBeNull();
  });

  it('holds grey curves and overlays', async () => {
    const table = { '00283002 US': [2, 10, 8], '00283003 LO': 'Curve', '00283006 OW': Uint8Array.from([3, 200]) };
    const overlay = {
      '60000010 US': 2,
      '60000011 US': 2,
      '60000050 SS': [2, 1],
      '60001500 LO': 'Ring',
      '60003000 OW': Uint8Array.from([0b0110, 0]),
    };
    const { display } = await readOne({ '00283010 SQ': [table], ...overlay });
    expect(display?.curves).toEqual([{ first: 10, greys: Uint8Array.from([3, 200]), name: 'Curve' }]);
    expect(display?.overlays).toEqual([
      { slice: 0, time: 0, label: 'Ring', origin: [0, 1], shape: [2, 2], mask: Uint8Array.from([0, 1, 1, 0]) },
    ]);
  });
});

describe('the size of a pixel', () => {
  const noSize = { '00280030 DS': '', '00080060 CS': 'US', '00200032 DS': '', '00200037 DS': '' };

  it('is unknown where the file does not say, and never 1 mm', async () => {
    const image = await readOne(noSize);
    expect(image.volume.grid.unit).toBe('voxel');
    expect(image.warnings).toEqual(['the file does not say how large its pixels are']);
    expect((await openDicom(image.files[0]!))[0]?.description).toMatchObject({ spacing: null, shape: [2, 2] });
  });

  it('is that of the detector where nothing else is said, which is told', async () => {
    const image = await readOne({ ...noSize, '00181164 DS': [0.2, 0.1] });
    expect(image.volume.grid).toMatchObject({ unit: 'mm', spacing: [0.1, 0.2, 1] });
    expect(image.warnings.join()).toMatch(/detector/);
  });

  it('is that of the ultrasound regions, where all have one', async () => {
    const region = (delta: number) => ({
      '00186012 US': 1,
      '00186024 US': 3,
      '00186026 US': 3,
      '0018602c FD': delta,
      '0018602e FD': delta,
    });
    const image = await readOne({ ...noSize, '00186011 SQ': [region(0.03), region(0.03)] });
    expect(image.volume.grid.spacing[0]).toBeCloseTo(0.3, 12);
    expect((await readOne({ ...noSize, '00186011 SQ': [region(0.03), region(0.05)] })).volume.grid.unit).toBe('voxel');
  });
});

describe('a PET', () => {
  const drug = { '00181074 DS': '370000000', '00181075 DS': '6586.2', '00181072 TM': '100000' };
  const pet: DicomElements = {
    '00080060 CS': 'PT',
    '00080021 DA': '20200101',
    '00080031 TM': '110000',
    '00080022 DA': '20200101',
    '00080032 TM': '110500',
    '00101030 DS': '70',
    '00280051 CS': ['ATTN', 'DECY'],
    '00281053 DS': '2.5',
    '00281052 DS': '0',
    '00281050 DS': '10000',
    '00281051 DS': '20000',
    '00541001 CS': 'BQML',
    '00541102 CS': 'START',
    '00540016 SQ': [drug],
  };
  const stored = Uint16Array.from([0, 1, 1000, 4000]);

  it('becomes SUV by body weight, decayed from injection to the start of the scan', async () => {
    const image = await readOne(pet, stored);
    const factor = 70_000 / (370e6 * 2 ** (-3600 / 6586.2));
    expect(image.unit).toBe('SUVbw');
    expect([...image.volume.data]).toEqual([...stored].map((value) => Math.fround(value * (2.5 * factor))));
    expect(image.display?.windows[0]?.centre).toBeCloseTo(10_000 * factor, 9);
    expect(image.warnings.join()).toMatch(/370.0 MBq injected, 68.5 % of it left, 70 kg/);
  });

  it('takes the dose as it is where the image is corrected to the injection', async () => {
    const image = await readOne({ ...pet, '00541102 CS': 'ADMIN' }, stored);
    expect(image.volume.data[2]).toBe(Math.fround(1000 * (2.5 * (70_000 / 370e6))));
  });

  it('takes SUV as they are stored, and the factor that Philips writes for counts', async () => {
    expect((await readOne({ ...pet, '00541001 CS': 'GML' }, stored)).unit).toBe('SUVbw');
    const philips = {
      ...pet,
      '00541001 CS': 'CNTS',
      '70530010 LO': 'Philips PET Private Group',
      '70531000 DS': '0.001',
    };
    const image = await readOne(philips, stored);
    expect(image.volume.data[2]).toBeCloseTo(2.5, 6);
    expect(image.unit).toBe('SUVbw');
  });

  it.each<readonly [string, DicomElements, RegExp]>([
    ['counts without a factor', { '00541001 CS': 'CNTS' }, /counts/],
    ['no attenuation correction', { '00280051 CS': 'DECY' }, /attenuation/],
    ['no decay correction', { '00280051 CS': 'ATTN' }, /corrected for decay/],
    ['no weight', { '00101030 DS': '' }, /weight/],
    ['no drug', { '00540016 SQ': [] }, /radiopharmaceutical/],
    ['no dose', { '00540016 SQ': [{ ...drug, '00181074 DS': '' }] }, /dose is not named/],
    ['a dose in MBq', { '00540016 SQ': [{ ...drug, '00181074 DS': '370' }] }, /too small/],
    ['no half-life', { '00540016 SQ': [{ ...drug, '00181075 DS': '' }] }, /half-life/],
    ['no injection', { '00540016 SQ': [{ ...drug, '00181072 TM': '' }] }, /injection is not named/],
    ['an injection after the scan', { '00540016 SQ': [{ ...drug, '00181072 TM': '120000' }] }, /after the scan/],
    ['a series made afterwards', { '00080031 TM': '150000' }, /dated after its acquisition/],
    ['an unknown correction', { '00541102 CS': 'NONE' }, /time of the decay correction/],
    ['another kind of SUV', { '00541001 CS': 'GML', '00541006 CS': 'LBM' }, /LBM/],
  ])('stays what it is with %s, and why is said', async (_, change, why) => {
    const image = await readOne({ ...pet, ...change }, stored);
    expect(image.unit).toBe(change['00541001 CS'] ?? 'BQML');
    expect(image.volume.data[2]).toBe(2500);
    expect(image.warnings.join()).toMatch(why);
    expect(image.warnings.join()).toMatch(/no SUV/);
  });
});

describe('an absurd header', () => {
  it('is refused before anything is allocated', async () => {
    await expect(
      readOne({ '00280010 US': 65_535, '00280011 US': 65_535, '00280008 IS': 90_000 }),
    ).rejects.toMatchObject({
      kind: 'memory',
    });
    await expect(readOne({ '00280008 IS': 2_000_000_000 })).rejects.toMatchObject({
      what: 'this is an object that claims 2000000000 frames, no image',
    });
  });
});
