import type { Grid, Vector3 } from '../../../../ml/volume/grid.ts';
import { frameAttributes } from '../series/attributes.ts';
import { readPixelSize } from '../series/pixelSize.ts';
import { dot } from '../../../../ml/volume/matrix.ts';
import { normalOf, type Plane, readPlane } from '../series/plane.ts';
import { tags } from '../tags.ts';
import type { Attributes } from './attributes.ts';
import { reference, type SourceObject } from './source.ts';

/** A frame of the source that lies on a slice of the result. */
export interface SourcePlane {
  /** Refers to the image, and in a multi-frame object to its frame. */
  readonly reference: Attributes;
  readonly plane: Plane;
  /** Whether its pixels are those of the slice, one for one. */
  readonly isSameGrid: boolean;
}

/** Of the distance of slices: a source image nearer than this to a slice is the one it was drawn on. */
const near = 0.1;

/** For each slice of `grid`, the frames of the sources that lie on it; none where the result was made on another grid. */
export function sourcePlanes(sources: readonly SourceObject[], grid: Grid): readonly (readonly SourcePlane[])[] {
  const slices: SourcePlane[][] = Array.from({ length: grid.shape[2] }, () => []);
  for (const source of sources) {
    const frames = source.dataset.number(tags.NumberOfFrames) ?? 1;
    for (const [index, frame] of frameAttributes(source.dataset, boundedFrames(source, frames)).entries()) {
      const plane = readPlane(frame, 0);
      const slice = plane === undefined ? undefined : sliceOf(plane, grid);
      if (plane === undefined || slice === undefined) continue;
      const numbered = frames > 1 ? { ReferencedFrameNumber: index + 1 } : {};
      const isSameGrid = hasPixelsOf(source, plane, readPixelSize(frame), grid, slice);
      slices[slice]?.push({ reference: { ...reference(source), ...numbered }, plane, isSameGrid });
    }
  }
  return slices;
}

/** A header may claim any number; a frame that is described nowhere lies nowhere. */
function boundedFrames({ dataset }: SourceObject, claimed: number): number {
  const described = dataset.items(tags.PerFrameFunctionalGroupsSequence).length;
  return claimed > 1 ? Math.min(claimed, described) : 1;
}

/** `undefined` where the plane is not parallel to the slices, or on none of them. */
function sliceOf(
  { position, direction }: Plane,
  { origin, spacing, shape, direction: axes }: Grid,
): number | undefined {
  const normal = normalOf(axes);
  if (Math.abs(dot(normalOf(direction), normal)) < 1 - 1e-4) return undefined;
  const height = dot(difference(position, origin), normal) / spacing[2];
  const slice = Math.round(height);
  return Math.abs(height - slice) <= near && slice >= 0 && slice < shape[2] ? slice : undefined;
}

function hasPixelsOf(
  { dataset }: SourceObject,
  plane: Plane,
  size: ReturnType<typeof readPixelSize>,
  { shape, spacing, origin, direction }: Grid,
  slice: number,
): boolean {
  if (size === undefined) return false;
  if (dataset.number(tags.Columns) !== shape[0] || dataset.number(tags.Rows) !== shape[1]) return false;
  const isAligned = [0, 1, 3, 4, 6, 7].every((n) => Math.abs(plane.direction[n]! - direction[n]!) < 1e-3);
  const normal = normalOf(direction);
  const away = difference(plane.position, origin).map((value, axis) => value - slice * spacing[2] * normal[axis]!);
  const smallest = Math.min(spacing[0], spacing[1]);
  const isScaled = Math.abs(size.x - spacing[0]) < 1e-3 * smallest && Math.abs(size.y - spacing[1]) < 1e-3 * smallest;
  return isAligned && isScaled && Math.hypot(...away) < near * Math.min(smallest, spacing[2]);
}

const difference = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
