import type { Volume } from '../../../ml/volume/volume.ts';
import { dataTypeOfArray } from './dataTypes.ts';
import type { NiftiGeometry } from './header.ts';
import { HeaderFields } from './headerFields.ts';
import { nifti1, nifti2 } from './layout.ts';

/**
 * The bytes of a single file before its voxels: NIfTI-1, or NIfTI-2 where an axis has more than 32767 voxels or a number of
 * `geometry` has more digits than float32.
 *
 * @param components Numbers a voxel; channels are frames times these.
 * @param description Text for `descrip`; cut to 79 bytes.
 */
export function encodeHeader(
  { grid, channels, data }: Volume,
  components: number,
  geometry: NiftiGeometry,
  description: string,
): Uint8Array {
  const type = dataTypeOfArray(data, components);
  const [frames, vector] = [channels / components, components / type.components];
  const axes = vector > 1 ? 5 : frames > 1 ? 4 : grid.shape[2] > 1 ? 3 : geometry.axes;
  const dim = [axes, ...grid.shape, frames, vector, 1, 1];
  const pixdim = geometry.pixdim.map((side, n) => (n > 3 && n <= axes && !(side > 0) ? 1 : side));
  const isSmall = Math.max(...dim) <= 32767 && [pixdim, geometry.quaternion, geometry.srows].flat().every(isFloat32);
  const layout = isSmall ? nifti1 : nifti2;
  // The 4 zero bytes after the header say that no extensions follow.
  const bytes = new Uint8Array(layout.headerBytes + 4);
  const fields = new HeaderFields(bytes, layout, true);
  fields.set('headerBytes', [layout.headerBytes]);
  fields.set('magic', [...Buffer.from(layout.magic.single, 'latin1')]);
  fields.set('dim', dim);
  fields.set('dataType', [type.code]);
  // NIFTI_INTENT_VECTOR.
  if (vector > 1) fields.set('intentCode', [1007]);
  fields.set('bitsPerVoxel', [8 * type.bytes]);
  fields.set('pixdim', pixdim);
  fields.set('voxelOffset', [bytes.length]);
  // Never 0 and never left empty: some readers rescale labels by what they find here.
  fields.set('slope', [1]);
  fields.set('intercept', [0]);
  fields.set('xyztUnits', [geometry.xyztUnits]);
  fields.set('description', [...Buffer.from(description).subarray(0, 79)]);
  fields.set('qformCode', [geometry.qformCode]);
  fields.set('sformCode', [geometry.sformCode]);
  fields.set('quaternion', geometry.quaternion);
  fields.set('srows', geometry.srows);
  return bytes;
}

const isFloat32 = (value: number) => Object.is(Math.fround(value), value);
