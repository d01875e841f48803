import { Problem } from '../../../ml/check/problem.ts';
import { gridDifference } from '../../../ml/volume/difference.ts';
import { voxelVolume, type Grid, type Vector3 } from '../../../ml/volume/grid.ts';
import { corners, indexPoint, indexToWorld } from '../../../ml/volume/space.ts';
import { structureMask } from '../../../ml/surfaces/structureMask.ts';
import { structuresOf, type Structure } from '../../imaging/meshes/structures.ts';
import { surfaceOf } from '../../imaging/meshes/surface.ts';
import type { Image } from '../../imaging/reader.ts';
import { intensitiesOf, type Intensities } from './intensities.ts';
import { partSizes } from './partSizes.ts';
import { surfaceArea } from './surfaceArea.ts';

/** What is measured of a structure. Positions and sizes in mm are `null` where the size of voxels is unknown, or there are none. */
export interface StructureStatistics {
  readonly value: number;
  readonly name: string;
  readonly voxels: number;
  readonly volumeMm3: number | null;
  readonly volumeMl: number | null;
  /** Voxel indices (i, j, k) of the first and the last voxel of the smallest box. */
  readonly box: { readonly first: Vector3; readonly last: Vector3 } | null;
  /** The smallest box along the patient's axes that holds the outer corners of that box, LPS mm. */
  readonly extent: { readonly low: Vector3; readonly high: Vector3 } | null;
  /** LPS mm. */
  readonly centroid: Vector3 | null;
  /** Of the smoothed surface: that of the voxels' faces is half as large again. */
  readonly surfaceAreaMm2: number | null;
  /** Connected parts; voxels are connected by faces. */
  readonly components: number;
  /** Of the voxels, 0..1. */
  readonly largestComponentShare: number | null;
  readonly intensities: Intensities | null;
}

export interface StatisticsOptions {
  /** Whose values are measured in the structures. */
  readonly image?: Image | undefined;
  /** Asked before each structure. */
  readonly signal: AbortSignal;
  /** Called after each structure. */
  readonly report?: ((done: number, total: number) => void) | undefined;
}

/**
 * Measures each structure of a label volume, those without voxels too.
 *
 * @throws Problem `data` where the mask is no label volume, or the image does not lie on its grid or holds several values a voxel.
 */
export function measureStructures(
  mask: Image,
  { image, signal, report }: StatisticsOptions,
): readonly StructureStatistics[] {
  if (image !== undefined) checkImage(mask, image);
  const structures = structuresOf(mask);
  return structures.map((structure, n) => {
    signal.throwIfAborted();
    const { grid } = mask.volume;
    const intensities = image === undefined ? null : intensitiesOf(image.volume.data, structure, grid.shape);
    const measured = { ...shapeOf(structure, grid), intensities };
    report?.(n + 1, structures.length);
    return measured;
  });
}

function checkImage(mask: Image, image: Image): void {
  const where = `${mask.path}, ${image.path}`;
  const difference = gridDifference(mask.volume.grid, image.volume.grid);
  if (difference !== undefined)
    throw new Problem(
      'data',
      `the mask does not lie on the image: ${difference}`,
      where,
      'Give the image it belongs to.',
    );
  if (image.volume.channels > 1)
    throw new Problem(
      'data',
      `the image has ${image.volume.channels} values a voxel`,
      image.path,
      'Give an image with one: a single time point, without colours.',
    );
}

function shapeOf(structure: Structure, grid: Grid): Omit<StructureStatistics, 'intensities'> {
  const { value, name, voxels, labels, box } = structure;
  const isMeasured = grid.unit === 'mm';
  const volumeMm3 = isMeasured ? voxels * voxelVolume(grid) : null;
  const counted = { value, name, voxels, volumeMm3, volumeMl: volumeMm3 === null ? null : volumeMm3 / 1000 };
  if (voxels === 0) return { ...counted, ...nothing };
  const mask = structureMask(labels, grid.shape, value, box);
  const sizes = partSizes(mask);
  const [i, j, k] = centreOf(mask.data, mask.shape);
  const last: Vector3 = [box.to[0] - 1, box.to[1] - 1, box.to[2] - 1];
  return {
    ...counted,
    box: { first: box.from, last },
    extent: isMeasured ? extentOf(box.from, box.to, grid) : null,
    centroid: isMeasured ? indexToWorld(grid, indexPoint(box.from[0] + i, box.from[1] + j, box.from[2] + k)) : null,
    surfaceAreaMm2: isMeasured ? surfaceArea(surfaceOf(structure, grid, 'some')) : null,
    components: sizes.length,
    largestComponentShare: sizes[0]! / voxels,
  };
}

const nothing = {
  box: null,
  extent: null,
  centroid: null,
  surfaceAreaMm2: null,
  components: 0,
  largestComponentShare: null,
};

/** The mean index of the voxels inside, counted from the first voxel within the border. */
function centreOf(inside: Uint8Array, [width, height, depth]: Vector3): Vector3 {
  const sums: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let k = 0, at = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++, at++) {
        if (inside[at] === 0) continue;
        count++;
        sums[0] += i - 1;
        sums[1] += j - 1;
        sums[2] += k - 1;
      }
    }
  }
  return [sums[0] / count, sums[1] / count, sums[2] / count];
}

/** Voxel centres sit on integers: the outer corners are half a voxel farther. */
function extentOf(from: Vector3, to: Vector3, grid: Grid): { low: Vector3; high: Vector3 } {
  const origin = indexToWorld(grid, indexPoint(from[0] - 0.5, from[1] - 0.5, from[2] - 0.5));
  const shape: Vector3 = [to[0] - from[0] + 1, to[1] - from[1] + 1, to[2] - from[2] + 1];
  const points = corners({ ...grid, origin, shape });
  const along = (pick: (...values: number[]) => number): Vector3 => [
    pick(...points.map(([x]) => x)),
    pick(...points.map(([, y]) => y)),
    pick(...points.map(([, , z]) => z)),
  ];
  return { low: along(Math.min), high: along(Math.max) };
}
