import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { constants, deflate } from 'node:zlib';
import { voxelCount } from '../../../ml/volume/grid.ts';
import { column } from '../../../ml/volume/matrix.ts';
import type { VoxelArray } from '../../../ml/volume/volume.ts';
import { refuseExisting, writeFileAtomically } from '../../files/atomic.ts';
import { bytesOf } from '../bytesOf.ts';
import { numberTypeOf } from '../decodeNumbers.ts';
import { permuteAxes } from '../permuteAxes.ts';
import { readBack } from '../readBack.ts';
import type { Image } from '../reader.ts';
import type { ImageWriter } from '../writer.ts';
import { metaImageReader } from './reader.ts';

/** MetaImage: .mha in one compressed file, .mhd with the voxels beside it as .raw. Descriptions, which may name a person, are not written. */
export const metaImageWriter: ImageWriter = {
  formats: 'MetaImage (.mha, .mhd)',
  handles: (path) => /\.(mha|mhd)$/i.test(path),
  refuses: () => undefined,
  loses: ({ segments, unit }) => [
    ...(segments === undefined ? [] : ['MetaImage does not hold the names and colours of structures; .seg.nrrd does.']),
    ...(unit === null ? [] : [`MetaImage does not say that values are in ${unit}.`]),
  ],

  async write(path, image, { existing }) {
    const { volume, components } = image;
    const frames = volume.channels / components;
    const stored = permuteAxes(volume.data, [voxelCount(volume.grid), components, frames], [1, 0, 2]);
    const meant: Image = { ...image, segments: undefined };
    const verify = (temporary: string) => readBack(metaImageReader, temporary, meant, path);
    if (/\.mha$/i.test(path)) {
      const packed = await compressed(stored);
      const fields = ['CompressedData = True', `CompressedDataSize = ${packed.length}`, 'ElementDataFile = LOCAL'];
      await writeFileAtomically(path, [headerOf(image, frames, fields), packed], { existing, verify });
      return;
    }
    const raw = path.replace(/\.mhd$/i, '.raw');
    if (existing === 'refuse') await refuseExisting(path);
    await writeFileAtomically(raw, bytesOf(stored), { existing });
    const fields = ['CompressedData = False', `ElementDataFile = ${basename(raw)}`];
    await writeFileAtomically(path, headerOf(image, frames, fields), { existing, verify }).catch(
      async (error: unknown) => {
        await rm(raw, { force: true });
        throw error;
      },
    );
  },
};

async function compressed(data: VoxelArray): Promise<Uint8Array> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return promisify(deflate)(bytes, { level: constants.Z_BEST_SPEED });
}

const typeNames: Readonly<Record<string, string>> = {
  uint8: 'MET_UCHAR',
  int8: 'MET_CHAR',
  uint16: 'MET_USHORT',
  int16: 'MET_SHORT',
  uint32: 'MET_UINT',
  int32: 'MET_INT',
  float32: 'MET_FLOAT',
  float64: 'MET_DOUBLE',
};

function headerOf({ volume, components, modality }: Image, frames: number, last: readonly string[]): Buffer {
  const { shape, spacing, direction, origin, unit } = volume.grid;
  const isDeep = frames > 1;
  const axes = ([0, 1, 2] as const).map((axis) => column(direction, axis));
  const matrix = isDeep ? [...axes.map((axis) => [...axis, 0]), [0, 0, 0, 1]] : axes;
  const lines = [
    'ObjectType = Image',
    `NDims = ${isDeep ? 4 : 3}`,
    'BinaryData = True',
    'BinaryDataByteOrderMSB = False',
    `TransformMatrix = ${matrix.flat().join(' ')}`,
    `Offset = ${[...origin, ...(isDeep ? [0] : [])].join(' ')}`,
    `CenterOfRotation = ${isDeep ? '0 0 0 0' : '0 0 0'}`,
    ...(unit === 'voxel' ? [] : [`ElementSpacing = ${[...spacing, ...(isDeep ? [1] : [])].join(' ')}`]),
    `DimSize = ${[...shape, ...(isDeep ? [frames] : [])].join(' ')}`,
    ...(modality === 'CT' || modality === 'MR' || modality === 'US' ? [`Modality = MET_MOD_${modality}`] : []),
    ...(components === 1 ? [] : [`ElementNumberOfChannels = ${components}`]),
    `ElementType = ${typeNames[numberTypeOf(volume.data).name] ?? ''}`,

    ...last,
  ];
  return Buffer.from(`${lines.join('\n')}\n`);
}
