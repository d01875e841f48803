import type { Grid, Vector3 } from '../../../../ml/volume/grid.ts';
import type { Frame } from './frame.ts';
import { samePlace, type FrameGroup, type Placed } from './groupFrames.ts';
import { irregularities } from './irregularities.ts';
import { orderInTime } from './orderInTime.ts';
import type { PixelSize } from './pixelSize.ts';
import { dot } from '../../../../ml/volume/matrix.ts';
import { columnOf, normalOf, roundedCosine, rowOf } from './plane.ts';

/** The frames of one volume, each at its place. */
export interface Stack<Source> {
  readonly label: string;
  /** `[time][slice]`; slices along the normal of the image, whatever their names and numbers. */
  readonly frames: readonly (readonly Frame<Source>[])[];
  /** A regular grid; where `irregular` is not empty only nearly what the slices lie on. */
  readonly grid: Grid;
  /** Where each slice begins, mm along the three axes of the grid from its origin. */
  readonly offsets: readonly Vector3[];
  /** Why the slices are on no regular grid. */
  readonly irregular: readonly string[];
  readonly warnings: readonly string[];
  /** Whether it lies in the patient: else a picture, or a film of which frames follow one another in time. */
  readonly isPlaced: boolean;
  readonly thicknessKnown: boolean;
}

export function stackFrames<Source>({ frames, label }: FrameGroup<Source>): Stack<Source> {
  const [first] = frames;
  if (first?.plane && first.pixelSize) return stackPlaced(frames as readonly Placed<Source>[], first.pixelSize, label);
  return film(frames, label);
}

function stackPlaced<Source>(frames: readonly Placed<Source>[], size: PixelSize, label: string): Stack<Source> {
  const { direction } = frames[0]!.plane;
  const normal = normalOf(direction);
  const depth = (frame: Placed<Source>): number => dot(frame.plane.position, normal);
  const places: Placed<Source>[][] = [];
  for (const frame of [...frames].sort((a, b) => depth(a) - depth(b))) {
    const place = places.at(-1);
    if (place?.[0] !== undefined && depth(frame) - depth(place[0]) < samePlace) place.push(frame);
    else places.push([frame]);
  }
  const ordered = orderInTime(places);
  const slices = ordered.frames[0] ?? [];
  const origin = slices[0]!.plane.position;
  const offsets = slices.map(({ plane }) => offsetOf(plane.position, origin, direction));
  const found = irregularities(offsets, size);
  const thickness = found.gap ?? frames[0]!.thickness;
  const { columns, rows } = frames[0]!.instance.stored;
  return {
    label,
    frames: ordered.frames,
    grid: {
      shape: [columns, rows, slices.length],
      spacing: [size.x, size.y, thickness ?? 1],
      unit: 'mm',
      origin,
      direction,
    },
    offsets,
    irregular: [...ordered.irregular, ...found.irregular, ...strayed(ordered.frames, offsets, origin)],
    warnings: warningsOf(frames, size, thickness),
    isPlaced: true,
    thicknessKnown: thickness !== undefined,
  };
}

function offsetOf(position: Vector3, origin: Vector3, direction: Placed<unknown>['plane']['direction']): Vector3 {
  const away: Vector3 = [position[0] - origin[0], position[1] - origin[1], position[2] - origin[2]];
  return [dot(away, rowOf(direction)), dot(away, columnOf(direction)), dot(away, normalOf(direction))];
}

/** Later times must lie where the first does. */
function strayed<Source>(
  times: readonly (readonly Placed<Source>[])[],
  offsets: readonly Vector3[],
  origin: Vector3,
): readonly string[] {
  const isStray = times.some((slices) =>
    slices.some(({ plane }, k) => {
      const offset = offsetOf(plane.position, origin, slices[0]!.plane.direction);
      return offset.some((value, axis) => Math.abs(value - (offsets[k]?.[axis] ?? NaN)) > 2 * samePlace);
    }),
  );
  return isStray ? ['the image moves between its time points'] : [];
}

function warningsOf<Source>(
  frames: readonly Placed<Source>[],
  { caveat }: PixelSize,
  thickness: number | undefined,
): readonly string[] {
  const skew = frames.reduce((most, { plane }) => Math.max(most, plane.skew), 0);
  return [
    ...(caveat === undefined ? [] : [caveat]),
    ...(skew > roundedCosine
      ? [
          `the directions of rows and columns are not perpendicular unit vectors (off by ${skew.toPrecision(2)}): the nearest ones are taken`,
        ]
      : []),
    ...(thickness === undefined ? ['the thickness of the slice is unknown: volumes count it as 1 mm'] : []),
  ];
}

/** One object that lies nowhere: its frames follow one another in time. */
function film<Source>(frames: readonly Frame<Source>[], label: string): Stack<Source> {
  const { instance, pixelSize, thickness, misplaced } = frames[0]!;
  const { columns, rows } = instance.stored;
  const spacing: Vector3 = pixelSize ? [pixelSize.x, pixelSize.y, thickness ?? 1] : [1, 1, 1];
  const ordered = [...frames].sort((a, b) => a.index - b.index);
  const several = 'the file does not say where its frames lie: they are taken as times of one place';
  return {
    label,
    frames: ordered.map((frame) => [frame]),
    grid: {
      shape: [columns, rows, 1],
      spacing,
      unit: pixelSize ? 'mm' : 'voxel',
      origin: [0, 0, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    },
    offsets: [[0, 0, 0]],
    irregular: [],
    warnings: [
      ...(pixelSize?.caveat === undefined ? [] : [pixelSize.caveat]),
      ...(pixelSize ? [] : ['the file does not say how large its pixels are']),
      ...(frames.length > 1 ? [several] : []),
      ...(misplaced ? ['its position and orientation cannot be those of an image and are left out'] : []),
    ],
    isPlaced: false,
    thicknessKnown: false,
  };
}
