/** A field: byte offset, number type, how many. */
export type Field = readonly [
  offset: number,
  type: 'int16' | 'int32' | 'int64' | 'float32' | 'float64' | 'byte',
  count: number,
];

/** The header fields we read or write. */
export interface Layout {
  /** 0 is ANALYZE 7.5, from which NIfTI-1 came. */
  readonly version: 0 | 1 | 2;
  readonly headerBytes: number;
  /** Magic of a single file and of a .hdr/.img pair. */
  readonly magic: { readonly single: string; readonly pair: string };
  readonly fields: Readonly<Record<FieldName, Field>>;
}

export type FieldName =
  | 'headerBytes'
  | 'magic'
  | 'dim'
  | 'intentCode'
  | 'dataType'
  | 'bitsPerVoxel'
  | 'pixdim'
  | 'voxelOffset'
  | 'slope'
  | 'intercept'
  | 'xyztUnits'
  | 'description'
  | 'qformCode'
  | 'sformCode'
  | 'quaternion'
  | 'srows'
  | 'intentName';

/** nifti1.h, struct nifti_1_header. */
export const nifti1: Layout = {
  version: 1,
  headerBytes: 348,
  magic: { single: 'n+1\0', pair: 'ni1\0' },
  fields: {
    headerBytes: [0, 'int32', 1],
    magic: [344, 'byte', 4],
    dim: [40, 'int16', 8],
    intentCode: [68, 'int16', 1],
    dataType: [70, 'int16', 1],
    bitsPerVoxel: [72, 'int16', 1],
    pixdim: [76, 'float32', 8],
    voxelOffset: [108, 'float32', 1],
    slope: [112, 'float32', 1],
    intercept: [116, 'float32', 1],
    xyztUnits: [123, 'byte', 1],
    description: [148, 'byte', 80],
    qformCode: [252, 'int16', 1],
    sformCode: [254, 'int16', 1],
    quaternion: [256, 'float32', 6],
    srows: [280, 'float32', 12],
    intentName: [328, 'byte', 16],
  },
};

/**
 * ANALYZE 7.5 (Mayo, dbh.h, struct dsr) has the fields of NIfTI-1 as far as both have them; its scaling is SPM's. What NIfTI-1
 * put in place of others is not to be read.
 */
export const analyze: Layout = { ...nifti1, version: 0, magic: { single: '', pair: '' } };

/** nifti2.h, struct nifti_2_header. */
export const nifti2: Layout = {
  version: 2,
  headerBytes: 540,
  magic: { single: 'n+2\0\r\n\x1a\n', pair: 'ni2\0\r\n\x1a\n' },
  fields: {
    headerBytes: [0, 'int32', 1],
    magic: [4, 'byte', 8],
    dataType: [12, 'int16', 1],
    bitsPerVoxel: [14, 'int16', 1],
    dim: [16, 'int64', 8],
    pixdim: [104, 'float64', 8],
    voxelOffset: [168, 'int64', 1],
    slope: [176, 'float64', 1],
    intercept: [184, 'float64', 1],
    description: [240, 'byte', 80],
    qformCode: [344, 'int32', 1],
    sformCode: [348, 'int32', 1],
    quaternion: [352, 'float64', 6],
    srows: [400, 'float64', 12],
    xyztUnits: [500, 'int32', 1],
    intentCode: [504, 'int32', 1],
    intentName: [508, 'byte', 16],
  },
};
