import type { Frame } from './frame.ts';
import { dot } from '../../../../ml/volume/matrix.ts';
import { normalOf, type Plane } from './plane.ts';

/** Frames that belong to one volume, in no order. */
export interface FrameGroup<Source> {
  readonly frames: readonly Frame<Source>[];
  /** What tells it from the other volumes of its series, e.g. `echo time 4.6 ms`; empty where nothing needs to. */
  readonly label: string;
}

/** mm. No scanner places two slices closer than this, and it is ten times what rounding to 0.001 mm does. */
export const samePlace = 0.01;

/** A frame that has both a place and a size in the patient. */
export type Placed<Source> = Frame<Source> & { readonly plane: Plane };

/**
 * Sorts frames into volumes: by series, then size, orientation, pixel spacing and stack; and where that leaves several at one place, by what
 * made them different (echo, b-value, image type). Times of one place stay together. An object that lies nowhere is a volume alone.
 */
export function groupFrames<Source>(frames: readonly Frame<Source>[]): readonly FrameGroup<Source>[] {
  const series = groupBy(frames, ({ instance, plane, pixelSize, stack }) => {
    const { rows, columns, samples } = instance.stored;
    const alone = plane === undefined || pixelSize === undefined ? instance.path : stack;
    return JSON.stringify([instance.series, rows, columns, samples, alone]);
  });
  return series.flatMap(alike).flatMap((group) => {
    if (!group.every(isPlaced) || !sharesPlaces(group)) return [{ frames: group, label: '' }];
    return byContrast(group);
  });
}

function isPlaced<Source>(frame: Frame<Source>): frame is Placed<Source> {
  return frame.plane !== undefined && frame.pixelSize !== undefined;
}

/** Frames whose rows and columns run the same way at the same distance. */
function alike<Source>(frames: readonly Frame<Source>[]): readonly (readonly Frame<Source>[])[] {
  const clusters: Frame<Source>[][] = [];
  for (const frame of frames) {
    const cluster = clusters.find(([first]) => first !== undefined && isAlike(first, frame));
    if (cluster) cluster.push(frame);
    else clusters.push([frame]);
  }
  return clusters;
}

/** 1e-4 is the rounding of cosines written with four decimals and turns a 500 mm image by 0.05 mm. */
const sameCosine = 1e-4;

/** A relative difference of pixel spacings which moves the far edge of 1000 pixels by a tenth of one. */
const sameSize = 1e-4;

function isAlike<Source>(a: Frame<Source>, b: Frame<Source>): boolean {
  if (a.plane === undefined || b.plane === undefined) return true;
  const [p, q] = [a.plane.direction, b.plane.direction];
  if (!p.every((cosine, n) => Math.abs(cosine - (q[n] ?? NaN)) <= sameCosine)) return false;
  if (a.pixelSize === undefined || b.pixelSize === undefined) return true;
  const { x, y } = a.pixelSize;
  return Math.abs(x / b.pixelSize.x - 1) <= sameSize && Math.abs(y / b.pixelSize.y - 1) <= sameSize;
}

function sharesPlaces<Source>(frames: readonly Placed<Source>[]): boolean {
  const [first] = frames;
  if (first === undefined) return false;
  const depths = frames.map(({ plane }) => dot(plane.position, normalOf(first.plane.direction))).sort((a, b) => a - b);
  return depths.some((depth, n) => n > 0 && depth - (depths[n - 1] ?? NaN) < samePlace);
}

function byContrast<Source>(frames: readonly Frame<Source>[]): readonly FrameGroup<Source>[] {
  const names = new Set(frames.flatMap(({ contrast }) => [...contrast.keys()]));
  const varying = [...names].filter((name) => new Set(frames.map(({ contrast }) => contrast.get(name))).size > 1);
  const label = ({ contrast }: Frame<Source>): string =>
    varying
      .filter((name) => contrast.has(name))
      .map((name) => `${name} ${contrast.get(name) ?? ''}`)
      .join(', ');
  return groupBy(frames, label).map((group) => ({ frames: group, label: label(group[0]!) }));
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}
