import type { Grid, Vector3 } from '../../../../ml/volume/grid.ts';
import { invariant } from '../../../../ml/check/invariant.ts';
import { Problem } from '../../../../ml/check/problem.ts';
import type { Dataset } from '../dataset.ts';
import { frameAttributes, type FrameAttributes } from '../series/attributes.ts';
import { type PixelSize, readPixelSize } from '../series/pixelSize.ts';
import { dot } from '../../../../ml/volume/matrix.ts';
import { columnOf, normalOf, type Plane, readPlane, rowOf } from '../series/plane.ts';
import { tags } from '../tags.ts';
import { damaged } from './definitions.ts';
import { mostVoxels } from './labelLayers.ts';

/** A regular stack of the planes that frames lie on. */
export interface PlaneStack {
  readonly grid: Grid;
  /** For each frame, the slice it lies on. */
  readonly slices: readonly number[];
}

/** Of the distance of slices: farther than this from its slice, a plane is on no regular stack. */
const tolerance = 0.01;
/** Of the distance of pixels: planes nearer than this are the same; positions shifted more are another stack's. */
const samePlace = 0.02;

/**
 * The grid that the planes of a segmentation's frames span. Slices without a frame are empty, so that the first and last slices of the image it
 * was drawn on may be missing; those in between are found from the distance of slices.
 *
 * @throws Problem `data` where a frame says not where it lies, or the planes are not parallel, evenly spaced and above one another; `memory`.
 */
export function stackPlanes(dataset: Dataset, frames: number, path: string): PlaneStack {
  const attributes = frameAttributes(dataset, frames);
  const [first] = attributes;
  invariant(first !== undefined, 'a segmentation has a frame');
  const planes = attributes.map((frame) => placedPlane(frame, path));
  const size = planes[0]!.size;
  const { direction } = planes[0]!.plane;
  const near = samePlace * Math.min(size.x, size.y);
  const depths = planes.map(({ plane }) => dot(plane.position, normalOf(direction)));
  const lowest = depths.indexOf(Math.min(...depths));
  refuseShifted(planes, planes[lowest]!.plane.position, near, path);
  const origin = planes[lowest]!.plane.position;
  const heights = depths.map((depth) => depth - depths[lowest]!);
  const step = sliceDistance(heights, near, first, path);
  const count = Math.round(Math.max(...heights) / step) + 1;
  const shape: Vector3 = [dataset.number(tags.Columns) ?? 0, dataset.number(tags.Rows) ?? 0, count];
  refuseImpossible(shape, path);
  return {
    grid: { shape, spacing: [size.x, size.y, step], unit: 'mm', origin, direction },
    slices: heights.map((height) => Math.round(height / step)),
  };
}

interface PlacedPlane {
  readonly plane: Plane;
  readonly size: PixelSize;
}

function placedPlane(frame: FrameAttributes, path: string): PlacedPlane {
  const [plane, size] = [readPlane(frame, 0), readPixelSize(frame)];
  if (plane !== undefined && size !== undefined) return { plane, size };
  throw damaged('a frame does not say where it lies in the patient (position, orientation and pixel spacing)', path);
}

function refuseShifted(planes: readonly PlacedPlane[], origin: Vector3, near: number, path: string): void {
  const { plane: first, size } = planes[0]!;
  for (const { plane, size: other } of planes) {
    const away: Vector3 = [plane.position[0] - origin[0], plane.position[1] - origin[1], plane.position[2] - origin[2]];
    const isTurned = plane.direction.some((cosine, n) => Math.abs(cosine - first.direction[n]!) > 1e-3);
    const isScaled = Math.abs(other.x / size.x - 1) > 1e-3 || Math.abs(other.y / size.y - 1) > 1e-3;
    if (isTurned || isScaled) throw irregular('its frames differ in orientation or pixel spacing', path);
    const sideways = Math.max(
      Math.abs(dot(away, rowOf(first.direction))),
      Math.abs(dot(away, columnOf(first.direction))),
    );
    // A tilted stack moves sideways from slice to slice by a share of its height.
    if (sideways > near + 1e-4 * Math.hypot(...away)) throw irregular('its frames do not lie above one another', path);
  }
}

/** The distance of slices on which all heights lie: the one that the file states where it fits, else the smallest there is. */
function sliceDistance(heights: readonly number[], near: number, first: FrameAttributes, path: string): number {
  const measures = first.macro(tags.PixelMeasuresSequence);
  const stated = positive(measures.number(tags.SpacingBetweenSlices));
  const sorted = [...heights].sort((a, b) => a - b);
  const gaps = sorted.map((height, n) => height - (sorted[n - 1] ?? height)).filter((gap) => gap > near);
  if (gaps.length === 0) {
    const single = stated ?? positive(measures.number(tags.SliceThickness));
    if (single !== undefined) return single;
    throw damaged('the only slice of the segmentation has no thickness (0018,0050) and no distance to the next', path);
  }
  const top = sorted.at(-1) ?? 0;
  for (const candidate of [stated, Math.min(...gaps)]) {
    if (candidate === undefined || candidate <= near) continue;
    // Rounding of a stated distance adds up over the slices: the whole height tells it better.
    const step = top / Math.max(1, Math.round(top / candidate));
    const fits = heights.every(
      (height) => Math.abs(height - Math.round(height / step) * step) <= tolerance * step + 1e-6,
    );
    if (!fits || Math.abs(step - candidate) > tolerance * candidate) continue;
    return Math.abs(step - candidate) < 1e-9 * candidate ? candidate : step;
  }
  throw irregular('its slices are not evenly spaced', path);
}

const positive = (value: number | undefined) =>
  value !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;

function refuseImpossible(shape: Vector3, path: string): void {
  if (!shape.every((size) => Number.isInteger(size) && size > 0)) {
    throw damaged('the segmentation has no valid number of rows and columns (0028,0010)', path);
  }
  if (shape[0] * shape[1] * shape[2] <= mostVoxels) return;
  const remedy = 'Export the segmentation with a coarser or smaller grid.';
  throw new Problem('memory', `the segmentation claims ${shape.join(' x ')} voxels`, path, remedy);
}

function irregular(what: string, path: string): Problem {
  const remedy = 'Resample the segmentation to a regular grid in the program that made it.';
  return new Problem('data', `the segmentation is on no regular grid: ${what}`, path, remedy);
}
