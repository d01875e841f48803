import { invariant } from '../../../ml/check/invariant.ts';
import { sameGrid } from '../../../ml/volume/difference.ts';
import { voxelCount } from '../../../ml/volume/grid.ts';
import { column } from '../../../ml/volume/matrix.ts';
import { writeFileAtomically } from '../../files/atomic.ts';
import { gzip } from '../../files/gzip.ts';
import { bytesOf, compressionLevel } from '../bytesOf.ts';
import { numberTypeOf } from '../decodeNumbers.ts';
import { placelessGrid } from '../placelessGrid.ts';
import { permuteAxes } from '../permuteAxes.ts';
import { readBack } from '../readBack.ts';
import type { Image } from '../reader.ts';
import type { ImageWriter } from '../writer.ts';
import { nrrdReader } from './reader.ts';
import { keysOfSegments } from './segments.ts';

/** NRRD with gzip encoding; structures as in 3D Slicer's .seg.nrrd. Descriptions, which may name a person, are not written. */
export const nrrdWriter: ImageWriter = {
  formats: 'NRRD (.nrrd, .seg.nrrd)',
  handles: (path) => /\.nrrd$/i.test(path),
  refuses: () => undefined,
  loses: ({ volume: { grid } }) =>
    grid.unit === 'mm' || sameGrid(grid, placelessGrid(grid.shape))
      ? []
      : ['NRRD cannot say where voxels of unknown size are: place and orientation are lost.'],

  async write(path, image, { existing }) {
    const { volume, components, segments } = image;
    const frames = volume.channels / components;
    invariant(
      volume.data.length === volume.channels * voxelCount(volume.grid),
      'as many values as the grid has voxels',
    );
    const layout = layoutOf(image, frames);
    const stored = permuteAxes(volume.data, [voxelCount(volume.grid), components, frames], layout.order);
    const keys = segments === undefined ? [] : keysOfSegments(segments, volume.grid.shape);
    const text = [...fieldsOf(image, layout), ...keys.map(([key, value]) => `${key}:=${escaped(value)}`), '', ''].join(
      '\n',
    );
    const bytes = nrrdBytes(text, stored);
    const grid = volume.grid.unit === 'mm' ? volume.grid : placelessGrid(volume.grid.shape);
    const meant = { ...image, volume: { ...volume, grid } };
    await writeFileAtomically(path, bytes, {
      existing,
      verify: (temporary) => readBack(nrrdReader, temporary, meant, path),
    });
  },
};

async function* nrrdBytes(text: string, stored: Image['volume']['data']): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
  yield* gzip(bytesOf(stored), compressionLevel(stored));
}

interface Layout {
  /** Of the axes voxels, components, frames. */
  readonly order: readonly number[];
  /** Size and kind of the axes before and behind those of space. */
  readonly before: readonly (readonly [size: number, kind: string])[];
  readonly behind: readonly (readonly [size: number, kind: string])[];
}

/** Components come first, and so do the layers of a segmentation, as 3D Slicer has them; time comes last. */
function layoutOf({ components, segments }: Image, frames: number): Layout {
  const colours = components === 3 ? 'RGB-color' : components === 4 ? 'RGBA-color' : 'vector';
  const vector = components > 1 ? [[components, colours] as const] : [];
  if (frames === 1) return { order: [1, 0, 2], before: vector, behind: [] };
  if (segments === undefined) return { order: [1, 0, 2], before: vector, behind: [[frames, 'time']] };
  return { order: [1, 2, 0], before: [...vector, [frames, 'list']], behind: [] };
}

function fieldsOf({ volume: { grid, data }, unit }: Image, { before, behind }: Layout): readonly string[] {
  const { shape, spacing, direction, origin } = grid;
  const vector = (values: readonly number[]) => `(${values.join(',')})`;
  const sizes = [...before.map(([size]) => size), ...shape, ...behind.map(([size]) => size)];
  const kinds = [...before.map(([, kind]) => kind), 'domain', 'domain', 'domain', ...behind.map(([, kind]) => kind)];
  const isTime = behind.length > 0;
  const inSpace = (values: readonly number[]) => vector(isTime ? [...values, 0] : values);
  const axes = ([0, 1, 2] as const).map((axis) => inSpace(column(direction, axis).map((part) => part * spacing[axis])));
  const steps = [...before.map(() => 'none'), ...axes, ...behind.map(() => '(0,0,0,1)')];
  // Without a space and without spacings the voxel sides are unknown, and stay so.
  const place =
    grid.unit === 'voxel'
      ? []
      : [
          `space: left-posterior-superior${isTime ? '-time' : ''}`,
          `space directions: ${steps.join(' ')}`,
          `space units: "mm" "mm" "mm"${isTime ? ' ""' : ''}`,
          `space origin: ${inSpace(origin)}`,
        ];
  return [
    'NRRD0005',
    `type: ${numberTypeOf(data).name.replace('float32', 'float').replace('float64', 'double')}`,
    `dimension: ${sizes.length}`,
    ...place.slice(0, 1),
    `sizes: ${sizes.join(' ')}`,
    ...place.slice(1),
    `kinds: ${kinds.join(' ')}`,
    'endian: little',
    'encoding: gzip',
    ...(unit === null ? [] : [`sample units: "${unit}"`]),
  ];
}

const escaped = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('\r', '').replaceAll('\n', '\\n');
