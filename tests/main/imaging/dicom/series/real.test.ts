import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../../ml/check/problem.ts';
import type { VoxelArray } from '../../../../../ml/volume/volume.ts';
import type { Image } from '../../../../../main/imaging/reader.ts';
import { sharedData } from '../../../../support/data.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';
import { openDicom } from './openDicom.ts';
import { readWithPydicom, readWithSimpleItk, suvFactor, theirValues, type TheirImage } from './oracle.ts';

const small = join(import.meta.dirname, '../../../../data/dicom-series');
const shared = sharedData() === undefined ? undefined : join(sharedData()!, 'dicom');

/** Folders that are one series each, then every other file. */
function places(root: string, series: readonly string[]): readonly string[] {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !series.some((folder) => path.startsWith(`${folder}/`)))
    .filter((path) => !/^(seg|seg-labelmap|charset|non-image)\/|DICOMDIR|\.md$|seg_|\.seg$|seg\//.test(path));
  return [...series, ...files.sort()].filter((path) => existsSync(join(root, path)));
}

const sharedSeries = [
  'mr-hippocrop-pgbm-003',
  'mr-siemens-pgbm-003-t1post',
  'pet-cps-qin-headneck-0024/pet',
  'ct-philips-lidc-0314-jpegls',
  'ct-siemens-j2k-no-extension',
];

/** Where we answer otherwise than SimpleITK and why. Values are then those of pydicom, where it reads them. */
const exceptions: readonly { readonly where: RegExp; readonly why: string }[] = [
  { where: /RG3_|dx_image/, why: 'SimpleITK turns MONOCHROME1 round; ours says that it is shown inverted' },
  { where: /rtdose|badVR/, why: 'SimpleITK leaves the dose unscaled' },
  {
    where: /examples_palette|no-pixel-spacing/,
    why: 'SimpleITK cuts 16-bit colours to 8 and knows no ultrasound regions',
  },
  { where: /examples_ybr_color|JPGLosslessP14SV1/, why: 'SimpleITK knows no ultrasound regions' },
  { where: /SC_rgb_rle_16bit/, why: 'SimpleITK reads 16-bit colour in RLE wrongly' },
  { where: /parametric_map_float|JLSL_08_07/, why: 'SimpleITK cannot read it' },
  { where: /sm_image/, why: 'a whole slide is not an image of a patient' },
  { where: /too_short/, why: 'only the end mark is missing: all frames are those of emri_small' },
];

interface Row {
  readonly path: string;
  readonly ours: string;
  readonly theirs: string;
  readonly verdict: string;
}

async function read(path: string): Promise<Image | string> {
  try {
    const [source, ...others] = await openDicom(path);
    if (source === undefined || others.length > 0) return `${1 + others.length} volumes`;
    return await source.read({ signal: new AbortController().signal, irregular: 'refuse' });
  } catch (error) {
    if (error instanceof Problem) return error.what;
    throw error;
  }
}

/** The largest difference of geometry in mm, of cosines over 100 mm. One slice has no distance to the next. */
function geometryDifference({ volume: { grid } }: Image, theirs: TheirImage): number {
  const axes = grid.shape[2] === 1 ? 2 : 3;
  const differences = [
    ...grid.spacing.slice(0, axes).map((value, n) => value - theirs.spacing[n]!),
    ...grid.origin.map((value, n) => value - theirs.origin[n]!),
    ...grid.direction.map((value, n) => (value - theirs.direction[n]!) * 100),
  ];
  return grid.unit === 'voxel' ? 0 : Math.max(...differences.map(Math.abs));
}

/** The largest difference of values; relative where ours are float32, which keeps 24 bits. */
function valueDifference({ volume, components, lossy }: Image, values: VoxelArray, factor: number): number {
  const { data, channels } = volume;
  if (values.length !== data.length) return Infinity;
  const plane = data.length / channels;
  const isRelative = data instanceof Float32Array && !lossy;
  let most = 0;
  data.forEach((ours, n) => {
    const [channel, v] = [Math.floor(n / plane), n % plane];
    const [time, component] = [Math.floor(channel / components), channel % components];
    const theirs = values[(time * plane + v) * components + component]! * factor;
    const difference = Math.abs(ours - theirs) / (isRelative ? Math.abs(theirs) || 1 : 1);
    if (!(difference <= most)) most = difference;
  });
  return most;
}

/** What separates ours from theirs, in words; empty where nothing does. */
async function faults(
  ours: Image,
  theirs: TheirImage,
  folder: string,
  what: 'all' | 'values',
): Promise<readonly string[]> {
  const factor = ours.unit === 'SUVbw' ? await suvFactor(ours.files[0]!) : 1;
  const geometry = what === 'all' ? geometryDifference(ours, theirs) : 0;
  const values = valueDifference(ours, theirValues(folder, theirs), factor);
  // Decoders of lossy JPEG round differently; ours and theirs were never more than 2 levels apart, one of which is up to 2 units here.
  const tolerance = ours.lossy ? 4 : ours.volume.data instanceof Float32Array ? 2 ** -23 : 0;
  return [
    ...(geometry > 1e-4 ? [`geometry by ${geometry.toPrecision(2)} mm`] : []),
    ...(values <= tolerance ? [] : [`values by ${values.toPrecision(3)}`]),
  ];
}

interface Compared {
  readonly path: string;
  readonly ours: Image | string;
  readonly theirs: TheirImage;
  readonly second: TheirImage;
}

async function verdict({ path, ours, theirs, second }: Compared, folder: string): Promise<string> {
  const exception = exceptions.find(({ where }) => where.test(path));
  if (typeof ours === 'string') return theirs.error === undefined ? (exception?.why ?? 'DIFFERENT') : 'both refuse';
  const found = theirs.error === undefined ? await faults(ours, theirs, folder, 'all') : ['SimpleITK cannot read it'];
  if (found.length === 0) return ours.lossy ? 'equal but for the rounding of lossy decoders' : 'equal';
  if (exception === undefined) return `DIFFERENT: ${found.join(', ')}`;
  if (second.error !== undefined) return exception.why;
  const stillFound = await faults(ours, second, folder, 'values');
  return stillFound.length === 0
    ? `${exception.why}; equal to pydicom`
    : `DIFFERENT from pydicom: ${stillFound.join(', ')}`;
}

const short = (values: readonly number[]): string => values.map((value) => Number(value.toPrecision(5))).join(' ');

function describeOurs(ours: Image | string): string {
  if (typeof ours === 'string') return ours;
  const { volume, components, unit, warnings } = ours;
  const { grid, channels, data } = volume;
  const frames = channels / components;
  const words = [`${grid.shape.join('x')}${frames > 1 ? `x${frames}` : ''}${components > 1 ? ` c${components}` : ''}`];
  return [
    ...words,
    data.constructor.name.replace('Array', '').toLowerCase(),
    grid.unit === 'mm' ? `[${short(grid.spacing)}] @ ${short(grid.origin)}` : 'size unknown',
    unit ?? '',
    warnings.length > 0 ? `(${warnings.length} warnings)` : '',
  ].join(' ');
}

function describeTheirs({ error, shape, components, type, spacing, origin }: TheirImage): string {
  if (error !== undefined) return error;
  return `${shape.join('x')}${components > 1 ? ` c${components}` : ''} ${type} [${short(spacing)}] @ ${short(origin)}`;
}

async function table(root: string, series: readonly string[]): Promise<readonly Row[]> {
  const folder = temporaryFolder();
  const found = places(root, series);
  const theirs = await readWithSimpleItk(
    folder,
    found.map((path) => join(root, path)),
  );
  const excepted = found.filter((path) => exceptions.some(({ where }) => where.test(path)));
  const second = await readWithPydicom(
    folder,
    excepted.map((path) => join(root, path)),
  );
  const rows: Row[] = [];
  for (const [n, path] of found.entries()) {
    const compared = {
      path,
      ours: await read(join(root, path)),
      theirs: theirs[n]!,
      second: second[excepted.indexOf(path)] ?? theirs[n]!,
    };
    rows.push({
      path,
      ours: describeOurs(compared.ours),
      theirs: describeTheirs(compared.theirs),
      verdict: await verdict(compared, folder),
    });
  }
  const lines = rows.map((row) => `${row.path} | ${row.ours} | ${row.theirs} | ${row.verdict}`);
  process.stdout.write(`file | ours | theirs (SimpleITK) | verdict\n${lines.join('\n')}\n`);
  return rows;
}

const differing = (rows: readonly Row[]): readonly Row[] =>
  rows.filter(({ verdict }) => verdict.startsWith('DIFFERENT'));

describe('DICOM as SimpleITK reads it', () => {
  it.skipIf(shared === undefined)(
    'holds for every file of the optional data folder',
    async () => {
      expect(differing(await table(shared!, sharedSeries))).toEqual([]);
    },
    180_000,
  );

  it.skipIf(!existsSync(small))(
    'holds for the small series of the repository',
    async () => {
      expect(differing(await table(small, ['ct-ge-23x38', 'ct-siemens-j2k']))).toEqual([]);
    },
    60_000,
  );
});
