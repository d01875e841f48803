import type { Grid, Vector3 } from '../../ml/volume/grid.ts';
import { column, cross, dot, fromColumns, transform } from '../../ml/volume/matrix.ts';
import { canonicalOrder } from '../../ml/volume/orientation.ts';
import { type Axis, reorderGrid } from '../../ml/volume/reorder.ts';
import { corners, indexPoint, indexToWorld } from '../../ml/volume/space.ts';

// A view is a grid: i runs to the right of the picture, j downwards and k from slice to slice. So all that is geometry
// between a picture, the patient and a volume is that of ml/volume.

export const viewNames = ['axial', 'coronal', 'sagittal'] as const;
export type ViewName = (typeof viewNames)[number];

/** A flat cut; unit vectors in LPS, at right angles. */
export interface Plane {
  readonly right: Vector3;
  readonly down: Vector3;
  /** From slice to slice; of either handedness. */
  readonly through: Vector3;
}

/** Patient axes (0 left, 1 posterior, 2 superior) to the right, downwards and through; radiological: patient right on the left. */
const conventions = {
  axial: { axes: [0, 1, 2], turned: [false, false, false] },
  coronal: { axes: [0, 2, 1], turned: [false, true, false] },
  sagittal: { axes: [1, 2, 0], turned: [false, true, false] },
} as const;

/** The volume's own voxels in anatomical order; an oblique volume is shown in its nearest planes, without resampling. */
export function alignedView(volume: Grid, name: ViewName): Grid {
  const canonical = canonicalOrder(volume);
  const { axes, turned } = conventions[name];
  const against = (n: Axis) => canonical.flipped[axes[n]] !== turned[n];
  return reorderGrid(volume, {
    from: [canonical.from[axes[0]], canonical.from[axes[1]], canonical.from[axes[2]]],
    flipped: [against(0), against(1), against(2)],
  });
}

/** The view in which the volume was acquired: across its only slice, or its clearly thickest voxels; axial where neither tells. */
export function acquiredView(volume: Grid): ViewName {
  const { shape, spacing } = volume;
  const thickness = (axis: Axis) => (shape[axis] === 1 ? Infinity : spacing[axis]);
  const axes = [2, 1, 0] as const;
  const through = axes.find((axis) =>
    axes.every((other) => other === axis || thickness(axis) > 1.5 * thickness(other)),
  );
  return through === undefined ? 'axial' : across[canonicalOrder(volume).from.indexOf(through) as Axis];
}

/** The view whose slices lie across a patient axis. */
const across = ['sagittal', 'coronal', 'axial'] as const;

/** Slices along the plane through the whole volume, in square pixels of its smallest spacing. */
export function obliqueView(volume: Grid, { right, down, through }: Plane): Grid {
  const axes = [right, down, through] as const;
  const [first, ...others] = corners(volume);
  const pixel = Math.min(...volume.spacing);
  const extents = axes.map((axis) => {
    const along = [first!, ...others].map((corner) => dot(corner, axis));
    return { low: Math.min(...along), size: Math.ceil((Math.max(...along) - Math.min(...along)) / pixel - 1e-6) + 1 };
  });
  const [i, j, k] = [extents[0]!, extents[1]!, extents[2]!];
  const direction = fromColumns(...axes);
  return {
    ...volume,
    shape: [i.size, j.size, k.size],
    spacing: [pixel, pixel, pixel],
    origin: transform(direction, [i.low, j.low, k.low]),
    direction,
  };
}

/** One slice of a view as a grid of its own. @param slice Any number: oblique views stop between slices. */
export function sliceGrid(view: Grid, slice: number): Grid {
  const { shape } = view;
  return { ...view, shape: [shape[0], shape[1], 1], origin: indexToWorld(view, indexPoint(0, 0, slice)) };
}

/** The plane of a view. */
export const planeOf = ({ direction }: Grid): Plane => ({
  right: column(direction, 0),
  down: column(direction, 1),
  through: column(direction, 2),
});

/** The plane turned by an angle about an LPS unit vector, right-handed (Rodrigues' formula). */
export function turnPlane({ right, down, through }: Plane, about: Vector3, radians: number): Plane {
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  const turn = (v: Vector3): Vector3 => {
    const side = cross(about, v);
    const kept = dot(about, v) * (1 - cos);
    const at = (n: Axis) => v[n] * cos + side[n] * sin + about[n] * kept;
    return [at(0), at(1), at(2)];
  };
  return { right: turn(right), down: turn(down), through: turn(through) };
}
