import { quantile } from '../../../ml/statistics/quantile.ts';
import { voxelCount } from '../../../ml/volume/grid.ts';
import type { Volume, VoxelArray } from '../../../ml/volume/volume.ts';
import { dataType, type VolumeFacts } from '../../contract/volumes.ts';
import { numberTypeOf } from '../../imaging/decodeNumbers.ts';
import type { Image, ImageDescription } from '../../imaging/reader.ts';

export const dataTypeOf = (data: VoxelArray): VolumeFacts['dataType'] => dataType.parse(numberTypeOf(data).name);

/** All that is known of a volume that was read. */
export function factsOfWhole(volume: string, image: Image, resampled: boolean): VolumeFacts {
  const { grid, data } = image.volume;
  const { display } = image;
  return {
    ...shapeOf(volume, image.volume),
    whole: true,
    components: image.components,
    unit: image.unit,
    modality: image.modality ?? null,
    description: image.description,
    range: rangeOf(data.subarray(0, voxelCount(grid))),
    windows: display?.windows.map(({ centre, width, name }) => ({ centre, width, name })) ?? [],
    inverted: display?.inverted ?? false,
    padding: display?.padding ?? null,
    structures: image.segments?.map(({ value, name, colour }) => ({ value, name, colour })) ?? [],
    lossy: image.lossy,
    resampled,
    warnings: [
      ...image.warnings,
      ...(image.lossy ? ['compressed in a way that changed its values'] : []),
      ...warningsOfGrid(image.volume),
    ],
  };
}

/**
 * What is known while a volume is being read: its header's words, and the values of a slice.
 *
 * @param slice One that is there, of the first channel.
 */
export function factsOfPart(id: string, volume: Volume, header: ImageDescription, slice: VoxelArray): VolumeFacts {
  return {
    ...shapeOf(id, volume),
    whole: false,
    components: header.components,
    unit: header.unit,
    modality: header.modality,
    description: header.description,
    range: rangeOf(slice),
    windows: [],
    inverted: false,
    padding: null,
    structures: [],
    lossy: false,
    resampled: false,
    warnings: [...header.warnings, ...warningsOfGrid(volume)],
  };
}

const shapeOf = (volume: string, { grid, channels, data }: Volume) => ({
  volume,
  grid: {
    shape: [...grid.shape] satisfies VolumeFacts['grid']['shape'],
    spacing: [...grid.spacing] satisfies VolumeFacts['grid']['spacing'],
    unit: grid.unit,
    origin: [...grid.origin] satisfies VolumeFacts['grid']['origin'],
    direction: [...grid.direction] satisfies VolumeFacts['grid']['direction'],
  },
  dataType: dataTypeOf(data),
  channels,
});

const warningsOfGrid = ({ grid }: Volume): readonly string[] =>
  grid.unit === 'voxel' ? ['The size of its voxels is not known: nothing is said in millimetres.'] : [];

/** Values that are looked at for a first window. */
const SAMPLED = 100_000;

function rangeOf(data: VoxelArray): VolumeFacts['range'] {
  let [least, largest] = [Infinity, -Infinity];
  // An iterator over a hundred million voxels takes a second.
  const { length } = data;
  for (let v = 0; v < length; v++) {
    const value = data[v]!;
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  const step = Math.max(1, Math.floor(length / SAMPLED));
  const sampled = Float64Array.from({ length: Math.ceil(length / step) }, (_, n) => data[n * step]!);
  const values = sampled.filter(Number.isFinite).sort();
  if (values.length === 0 || least > largest) return { least: 0, largest: 0, low: 0, high: 0 };
  return { least, largest, low: quantile(values, 0.01), high: quantile(values, 0.99) };
}
