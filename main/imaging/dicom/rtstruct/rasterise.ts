import type { Grid } from '../../../../ml/volume/grid.ts';
import { worldPoint, worldToIndex } from '../../../../ml/volume/space.ts';
import type { Volume } from '../../../../ml/volume/volume.ts';
import type { Segment } from '../../segments.ts';
import { LabelLayers } from '../seg/labelLayers.ts';
import { fillPolygons, type Polygon } from './fillPolygons.ts';
import { type Contour, pointAt, type Structure, type StructureSet } from './structureSet.ts';

export interface Rasterised {
  readonly volume: Volume<Uint8Array | Uint16Array>;
  /** The value of a structure is its place in the structure set, from 1 on. */
  readonly segments: readonly Segment[];
  /** What of the contours is not, or not exactly, in the volume. */
  readonly warnings: readonly string[];
}

/** Of a voxel: a contour whose height varies more is not in the plane of a slice. */
const flat = 0.1;
/** Of the distance of slices: a contour farther than this from the nearest slice lies between slices, and that is said. */
const onSlice = 0.05;
/** Coordinates in voxels are rounded to this: the decimals of a file must not decide on which side of a centre an edge lies. */
const grain = 1e-6;

/**
 * The voxels of `grid` whose centres are inside the closed contours of each structure. Contours of one plane are combined by the even-odd
 * rule (PS3.3 C.8.8.6.3: CLOSEDPLANAR_XOR, and how contours within contours are drawn as CLOSED_PLANAR); planes that share a slice are united.
 */
export function rasterise({ structures, path }: StructureSet, grid: Grid): Rasterised {
  const layers = new LabelLayers(grid, structures.length, path);
  const segments: Segment[] = [];
  const warnings: string[] = [];
  for (const [n, structure] of structures.entries()) {
    const { masks, losses } = rasteriseStructure(structure, grid);
    const { name, colour, type } = structure;
    segments.push({ value: n + 1, layer: layers.add(n + 1, masks), name, colour, category: null, type });
    warnings.push(...losses);
  }
  return { volume: layers.volume(), segments, warnings };
}

function rasteriseStructure(structure: Structure, grid: Grid) {
  const masks = new Map<number, Uint8Array>();
  const [columns, rows, slices] = grid.shape;
  const { planes, counts } = sortIntoPlanes(structure.contours, grid);
  for (const [height, polygons] of planes) {
    const slice = Math.round(height);
    if (slice < 0 || slice >= slices) {
      counts.outside += polygons.length;
      continue;
    }
    if (Math.abs(height - slice) > onSlice) counts.between += polygons.length;
    const mask = masks.get(slice) ?? new Uint8Array(columns * rows);
    if (fillPolygons(mask, columns, rows, polygons)) masks.set(slice, mask);
  }
  return { masks, losses: lossesOf(structure, counts, masks, planes.size) };
}

interface Counts {
  open: number;
  tilted: number;
  outside: number;
  between: number;
}

/** Closed contours by their height above the first slice, in slices. */
function sortIntoPlanes(contours: readonly Contour[], grid: Grid) {
  const planes = new Map<number, Polygon[]>();
  const counts: Counts = { open: 0, tilted: 0, outside: 0, between: 0 };
  for (const { kind, points } of contours) {
    if (kind === 'other' || points.length < 9) {
      counts.open++;
      continue;
    }
    const { polygon, lowest, highest } = project(points, grid);
    if (highest - lowest > flat) {
      counts.tilted++;
      continue;
    }
    // A thousandth of a slice apart is one plane, written with different decimals.
    const height = Math.round(500 * (lowest + highest)) / 1000;
    planes.set(height, [...(planes.get(height) ?? []), polygon]);
  }
  return { planes, counts };
}

function project(points: Float64Array, grid: Grid) {
  const count = points.length / 3;
  const polygon = new Float64Array(2 * count);
  let [lowest, highest] = [Infinity, -Infinity];
  for (let n = 0; n < count; n++) {
    const [i, j, k] = worldToIndex(grid, worldPoint(...pointAt(points, n)));
    polygon[2 * n] = Math.round(i / grain) * grain;
    polygon[2 * n + 1] = Math.round(j / grain) * grain;
    lowest = Math.min(lowest, k);
    highest = Math.max(highest, k);
  }
  return { polygon, lowest, highest };
}

function lossesOf(
  { name }: Structure,
  counts: Counts,
  masks: ReadonlyMap<number, Uint8Array>,
  planes: number,
): string[] {
  const say = (count: number, what: string) => (count === 0 ? [] : [`"${name}": ${count} ${what}`]);
  const filled = [...masks.keys()];
  const gaps = filled.length === 0 ? 0 : Math.max(...filled) - Math.min(...filled) + 1 - filled.length;
  return [
    ...say(counts.open, 'points or open curves enclose nothing and are left out'),
    ...say(counts.tilted, 'contours are not parallel to the slices of the image and are left out'),
    ...say(counts.outside, 'contours lie beyond the first or last slice of the image and are left out'),
    ...say(counts.between, 'contours lie between slices of the image and were put into the nearest'),
    ...say(gaps, 'slices between the first and the last contour have none and stay empty'),
    ...(planes > 0 && filled.length === 0 ? [`"${name}": no voxel centre is inside its contours`] : []),
  ];
}
