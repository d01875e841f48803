import type { VolumeFacts } from '../../main/contract/volumes.ts';
import type { VoxelArray } from '../../ml/volume/volume.ts';

export type DataType = VolumeFacts['dataType'];

const kinds = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

export const makeArray = (type: DataType, length: number): VoxelArray => new kinds[type](length);

/** Voxels as they came over the door: little-endian, as every computer that runs this is. */
export const viewArray = (type: DataType, bytes: ArrayBuffer): VoxelArray => new kinds[type](bytes);
