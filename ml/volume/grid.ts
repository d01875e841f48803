/** Three numbers, one an axis. */
export type Vector3 = readonly [number, number, number];

/** Nine numbers, row-major: element `3 * row + column`. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

/**
 * Where voxels are. The one geometry type; inside the product it is always LPS millimetres
 * (+x left, +y posterior, +z superior, DICOM PS3.3 C.7.6.2.1.1), whatever the file said.
 */
export interface Grid {
  /** Number of voxels along i, j, k; 1 along k for a picture. */
  readonly shape: Vector3;
  /** Distance between voxel centres along i, j, k, > 0, in `unit`. */
  readonly spacing: Vector3;
  /** `voxel` where the file knows no size: lengths and volumes are then counted in voxels and never said in millimetres. */
  readonly unit: 'mm' | 'voxel';
  /** LPS position of the centre of voxel (0, 0, 0). */
  readonly origin: Vector3;
  /** Columns are the LPS unit vectors of the i, j and k axes. */
  readonly direction: Matrix3;
}

export const voxelCount = ({ shape: [i, j, k] }: Grid) => i * j * k;

/** Volume of one voxel in cubed `unit`. */
export const voxelVolume = ({ spacing: [i, j, k] }: Grid) => i * j * k;
