import type { VoxelArray } from '../../../ml/volume/volume.ts';
import type { NumberType } from '../decodeNumbers.ts';
import { numberTypeOf, numberTypes } from '../decodeNumbers.ts';

/** A NIfTI data type, under the name that nibabel and ITK users know. */
export interface DataType {
  readonly code: number;
  readonly name: string;
  /** Bytes of one voxel with all its components. */
  readonly bytes: number;
  readonly components: number;
  /** Of one component; absent where we do not read the type. */
  readonly number?: NumberType;
}

const real = (code: number, number: NumberType): DataType => ({
  code,
  name: number.name,
  bytes: number.bytes,
  components: 1,
  number,
});

/** nifti1.h, DT_*. */
const dataTypes: readonly DataType[] = [
  real(2, numberTypes.uint8),
  real(4, numberTypes.int16),
  real(8, numberTypes.int32),
  real(16, numberTypes.float32),
  real(64, numberTypes.float64),
  real(256, numberTypes.int8),
  real(512, numberTypes.uint16),
  real(768, numberTypes.uint32),
  real(1024, numberTypes.int64),
  real(1280, numberTypes.uint64),
  { code: 32, name: 'complex64', bytes: 8, components: 2 },
  { code: 1536, name: 'float128', bytes: 16, components: 1 },
  { code: 1792, name: 'complex128', bytes: 16, components: 2 },
  { code: 2048, name: 'complex256', bytes: 32, components: 2 },
  { code: 128, name: 'rgb24', bytes: 3, components: 3, number: numberTypes.uint8 },
  { code: 2304, name: 'rgba32', bytes: 4, components: 4, number: numberTypes.uint8 },
];

export const dataTypeOfCode = (code: number) => dataTypes.find((type) => type.code === code);

/** Whether voxels are of one of the two colour types that NIfTI has. */
export const isColour = (data: VoxelArray, components: number) =>
  data instanceof Uint8Array && (components === 3 || components === 4);

/** The type that voxels of `components` numbers are written in: a colour, or one number of a vector. */
export function dataTypeOfArray(data: VoxelArray, components: number): DataType {
  const { name } = numberTypeOf(data);
  const colour = isColour(data, components) ? components : 1;
  const type = dataTypes.find((one) => one.number?.name === name && one.components === colour);
  if (type === undefined) throw new Error('invariant: every voxel array has a NIfTI data type');
  return type;
}
