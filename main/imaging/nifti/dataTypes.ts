import type { VoxelArray } from '../../../ml/volume/volume.ts';

/** A NIfTI data type, under the name that nibabel and ITK users know. */
export interface DataType {
  readonly code: number;
  readonly name: string;
  /** Bytes of one voxel with all its components. */
  readonly bytes: number;
  readonly components: number;
  /** The array that holds the stored numbers; absent where we do not read the type. */
  readonly array?: new (
    buffer: ArrayBuffer,
    offset: number,
    length: number,
  ) => VoxelArray | BigInt64Array | BigUint64Array;
}

/** nifti1.h, DT_*. */
const dataTypes: readonly DataType[] = [
  { code: 2, name: 'uint8', bytes: 1, components: 1, array: Uint8Array },
  { code: 4, name: 'int16', bytes: 2, components: 1, array: Int16Array },
  { code: 8, name: 'int32', bytes: 4, components: 1, array: Int32Array },
  { code: 16, name: 'float32', bytes: 4, components: 1, array: Float32Array },
  { code: 64, name: 'float64', bytes: 8, components: 1, array: Float64Array },
  { code: 256, name: 'int8', bytes: 1, components: 1, array: Int8Array },
  { code: 512, name: 'uint16', bytes: 2, components: 1, array: Uint16Array },
  { code: 768, name: 'uint32', bytes: 4, components: 1, array: Uint32Array },
  { code: 1024, name: 'int64', bytes: 8, components: 1, array: BigInt64Array },
  { code: 1280, name: 'uint64', bytes: 8, components: 1, array: BigUint64Array },
  { code: 32, name: 'complex64', bytes: 8, components: 2 },
  { code: 1536, name: 'float128', bytes: 16, components: 1 },
  { code: 1792, name: 'complex128', bytes: 16, components: 2 },
  { code: 2048, name: 'complex256', bytes: 32, components: 2 },
  { code: 128, name: 'rgb24', bytes: 3, components: 3 },
  { code: 2304, name: 'rgba32', bytes: 4, components: 4 },
];

export const dataTypeOfCode = (code: number) => dataTypes.find((type) => type.code === code);

export function dataTypeOfArray(data: VoxelArray): DataType {
  const type = dataTypes.find(({ array }) => array !== undefined && data instanceof array);
  if (type === undefined) throw new Error('invariant: every voxel array has a NIfTI data type');
  return type;
}
