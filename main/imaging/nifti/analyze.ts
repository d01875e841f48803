import type { Vector3 } from '../../../ml/volume/grid.ts';
import type { Placement } from './geometry.ts';
import { voxelSides } from './geometry.ts';
import type { NiftiGeometry } from './header.ts';

/**
 * Where the voxels of an ANALYZE 7.5 image are most probably: axes to the patient's left, anterior and superior about the
 * centre, as Mayo's format description has it and nibabel takes it. The format itself knows voxel sides alone, and programs
 * have written both handednesses.
 */
export function placeAnalyze(geometry: NiftiGeometry, shape: Vector3): Placement {
  const warnings = [
    'ANALYZE 7.5 does not say left from right; the first axis is taken to run to the left of the patient, which may be ' +
      'wrong. Check with a landmark before any use.',
  ];
  const sides = voxelSides(geometry, shape, warnings);
  if (!sides) warnings.push('The header gives no voxel sides; lengths are counted in voxels.');
  const spacing = sides ?? ([1, 1, 1] as const);
  const half = (axis: 0 | 1 | 2) => ((shape[axis] - 1) / 2) * spacing[axis];
  const grid = {
    shape,
    spacing,
    unit: sides ? 'mm' : 'voxel',
    origin: [0 - half(0), half(1), 0 - half(2)],
    direction: [1, 0, 0, 0, -1, 0, 0, 0, 1],
  } as const;
  return { grid, form: 'pixdim', warnings };
}
