import { join } from 'node:path';
import { encode } from 'fast-png';
import { voxelCount } from '../../../ml/volume/grid.ts';
import type { VoxelArray } from '../../../ml/volume/volume.ts';
import { writeFileAtomically } from '../../files/atomic.ts';
import { writeFolderAtomically } from '../../files/folder.ts';
import { placelessGrid } from '../placelessGrid.ts';
import { permuteAxes } from '../permuteAxes.ts';
import { readBack } from '../readBack.ts';
import type { Image } from '../reader.ts';
import type { ImageWriter } from '../writer.ts';
import { pictureReader } from './reader.ts';

type PngArray = Uint8Array | Uint16Array;

const isFile = (path: string) => /\.png$/i.test(path);

/** PNG: a picture as one file, a volume as a folder with one file a slice. */
export const pngWriter: ImageWriter = {
  formats: 'PNG (.png, or a name without extension for a folder of slices)',
  handles: (path) => isFile(path) || /(^|[\\/])[^\\/.]+[\\/]?$/.test(path),
  refuses,
  loses: ({ volume: { grid }, segments }) => [
    ...(grid.unit === 'mm' ? ['PNG holds neither voxel size nor place nor orientation: they are lost.'] : []),
    ...(segments === undefined ? [] : ['PNG does not hold the names and colours of structures.']),
  ],

  async write(path, image, { existing }) {
    const { volume, components } = image;
    const [width, height, slices] = volume.grid.shape;
    const stored = permuteAxes(pngValues(volume.data)!, [voxelCount(volume.grid), components], [1, 0]);
    const size = width * height * components;
    const slice = (n: number) => encodeSlice(stored.subarray(n * size, (n + 1) * size), width, height, components);
    if (isFile(path)) {
      const meant = {
        ...image,
        volume: { grid: placelessGrid(volume.grid.shape), channels: components, data: pngValues(volume.data)! },
      };
      const verify = (temporary: string) => verifySlices(temporary, meant, path);
      await writeFileAtomically(path, slice(0), { existing, verify });
      return;
    }
    const fill = async (folder: string) => {
      for (let n = 0; n < slices; n++) {
        const name = `slice_${String(n + 1).padStart(4, '0')}.png`;
        await writeFileAtomically(join(folder, name), slice(n), { existing: 'refuse' });
      }
      const meant = {
        ...image,
        volume: { grid: placelessGrid(volume.grid.shape), channels: components, data: pngValues(volume.data)! },
      };
      await verifySlices(folder, meant, path);
    };
    await writeFolderAtomically(path.replace(/[\\/]$/, ''), fill, existing);
  },
};

function refuses({ volume, components }: Image, path: string): ReturnType<ImageWriter['refuses']> {
  const remedy = 'Write .nii.gz, .nrrd or .mha instead.';
  const { direction } = volume.grid;
  if (volume.channels !== components) return { what: `PNG holds no ${volume.channels / components} frames`, remedy };
  if (isFile(path) && volume.grid.shape[2] > 1) {
    const what = `one PNG holds one slice, and here are ${volume.grid.shape[2]} slices`;
    return { what, remedy: 'Give a name without extension, for a folder of slices.' };
  }
  if (components > 4) return { what: `PNG holds 1 to 4 numbers a pixel, and here are ${components}`, remedy };
  if (!direction.every((part) => Math.min(Math.abs(part), Math.abs(Math.abs(part) - 1)) < 1e-3))
    return { what: 'PNG slices cannot say that a volume lies obliquely', remedy };
  if (pngValues(volume.data) !== undefined) return undefined;
  return { what: 'PNG holds whole numbers from 0 to 65535, and here are others', remedy };
}

/** The same values in 8 bits where the type has no more, else in 16; `undefined` where they do not fit. */
function pngValues(data: VoxelArray): PngArray | undefined {
  if (data instanceof Uint8Array || data instanceof Uint16Array) return data;
  if (data instanceof Float32Array || data instanceof Float64Array) return undefined;
  for (const value of data) if (value < 0 || value > 65535) return undefined;
  return data instanceof Int8Array ? Uint8Array.from(data) : Uint16Array.from(data);
}

const encodeSlice = (data: PngArray, width: number, height: number, channels: number): Uint8Array =>
  encode({ width, height, data, channels, depth: data instanceof Uint16Array ? 16 : 8 });

/** An opaque alpha channel is left out when read, so it is compared as if it were. */
async function verifySlices(written: string, { volume, components, ...rest }: Image, path: string): Promise<void> {
  const voxels = voxelCount(volume.grid);
  const alpha = volume.data.subarray((components - 1) * voxels);
  const opaque = volume.data instanceof Uint16Array ? 65535 : 255;
  const isOpaque = components % 2 === 0 && (alpha as Uint8Array).every((value) => value === opaque);
  const kept = isOpaque ? components - 1 : components;
  const data = volume.data.subarray(0, kept * voxels);
  const meant: Image = { ...rest, segments: undefined, components: kept, volume: { ...volume, channels: kept, data } };
  await readBack(pictureReader, written, meant, path);
}
