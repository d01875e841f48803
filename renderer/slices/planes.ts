import type { Grid } from '../../ml/volume/grid.ts';
import { cross, dot } from '../../ml/volume/matrix.ts';
import { alignedView, obliqueView, planeOf, turnPlane, viewNames, type Plane, type ViewName } from './view.ts';

/** The three planes through the crosshair, at right angles to each other. */
export type Planes = Readonly<Record<ViewName, Plane>>;

/** The planes along the voxels of a volume. */
export function alignedPlanes(volume: Grid): Planes {
  const of = (name: ViewName) => planeOf(alignedView(volume, name));
  return { axial: of('axial'), coronal: of('coronal'), sagittal: of('sagittal') };
}

/** Cosine of what rounding turns a plane by. */
const alike = 1 - 1e-9;

/** Whether a plane's slices lie between the voxels of a volume. */
export function isOblique(volume: Grid, name: ViewName, plane: Plane): boolean {
  const { right, through } = planeOf(alignedView(volume, name));
  return dot(right, plane.right) < alike || dot(through, plane.through) < alike;
}

/** A volume along a plane: its own voxels where the plane runs along them. */
export const viewAlong = (volume: Grid, name: ViewName, plane: Plane): Grid =>
  isOblique(volume, name, plane) ? obliqueView(volume, plane) : alignedView(volume, name);

const othersOf = (name: ViewName): readonly ViewName[] => viewNames.filter((other) => other !== name);

/** Turns the two other planes about the line across one, which stays as it is. @param radians From its right towards its down. */
export function turnOthers(planes: Planes, name: ViewName, radians: number): Planes {
  const { right, down } = planes[name];
  const turned = othersOf(name).map((other) => [other, turnPlane(planes[other], cross(right, down), radians)] as const);
  return { ...planes, ...Object.fromEntries(turned) };
}

/** The lines in which the two others cut a plane, as unit vectors to its right and down. */
export function cutsIn(planes: Planes, name: ViewName): readonly (readonly [right: number, down: number])[] {
  const { right, down, through } = planes[name];
  return othersOf(name).map((other) => {
    const line = cross(through, planes[other].through);
    return [dot(line, right), dot(line, down)] as const;
  });
}
