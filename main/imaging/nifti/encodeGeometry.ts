import { rasFromGrid } from '../../../ml/volume/affine.ts';
import type { Grid } from '../../../ml/volume/grid.ts';
import { determinant } from '../../../ml/volume/matrix.ts';
import type { NiftiGeometry } from './header.ts';
import { quaternionOfRotation } from './quaternion.ts';

/** NIFTI_XFORM_SCANNER_ANAT for patient millimetres, NIFTI_XFORM_ALIGNED_ANAT where all we know is which way up. */
const codes = { mm: 1, voxel: 2 } as const;
/** NIFTI_UNITS_MM and NIFTI_UNITS_UNKNOWN. */
const units = { mm: 2, voxel: 0 } as const;

/** The numbers of a header for a grid that came from no NIfTI: sform and qform say the same, in float32 as NIfTI-1 has it. */
export function encodeGeometry(grid: Grid): NiftiGeometry {
  const { direction: d, origin } = grid;
  const flip = determinant(d) < 0 ? -1 : 1;
  // LPS to RAS turns the first two rows round; the third column carries qfac, so that what is left is a rotation.
  const rotation = [-d[0], -d[1], -d[2] * flip, -d[3], -d[4], -d[5] * flip, d[6], d[7], d[8] * flip] as const;
  return {
    axes: 3,
    qformCode: codes[grid.unit],
    sformCode: codes[grid.unit],
    pixdim: [flip, ...grid.spacing, 1, 1, 1, 1].map(Math.fround),
    quaternion: [...quaternionOfRotation(rotation), 0 - origin[0], 0 - origin[1], origin[2]].map(Math.fround),
    srows: rasFromGrid(grid).map(Math.fround),
    xyztUnits: units[grid.unit],
  };
}
