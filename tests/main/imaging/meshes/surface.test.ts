import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { vector3 } from '../../../support/tuples.ts';
import type { Smoothing } from '../../../../main/imaging/meshes/surface.ts';
import { meshWriters, surfacesOf } from '../../../../main/imaging/meshes/writer.ts';
import type { Image } from '../../../../main/imaging/reader.ts';
import { voxelCount, voxelVolume, type Grid, type Vector3 } from '../../../../ml/volume/grid.ts';
import { indexPoint, indexToWorld } from '../../../../ml/volume/space.ts';
import { stream } from '../../../../ml/random/stream.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { ball, gridNames, gridOf, grids, imageOf, painted } from './labelImages.ts';
import { measureMeshes } from './trimesh.ts';

const smoothings: readonly Smoothing[] = ['none', 'some'];

async function measured(images: readonly (readonly [Image, Smoothing])[]) {
  const folder = temporaryFolder();
  const paths = images.map((_, n) => join(folder, `${n}.stl`));
  for (const [n, [image, smoothing]] of images.entries())
    await meshWriters[0]!.write(paths[n]!, image, { existing: 'refuse', smoothing });
  return measureMeshes(paths);
}

const count = (image: Image) =>
  image.volume.data.length - Array.from(image.volume.data).filter((value) => value === 0).length;

/** A ball of ten times the longest side of a voxel, off the middle of a voxel. */
function ballIn(name: keyof typeof grids, data: (length: number) => Uint8Array | Uint16Array) {
  const { spacing, direction } = grids[name];
  const radius = 10 * Math.max(...spacing);
  const shape = vector3(spacing.map((side) => Math.ceil((2 * radius) / side) + 5));
  const centre = vector3(shape.map((size) => size / 2 - 0.3));
  const grid = gridOf(shape, { spacing, direction });
  const image = imageOf(grid, painted(grid, data(voxelCount(grid)), ball(centre, radius, spacing, 1)));
  return { image, grid, radius, centre: indexToWorld(grid, indexPoint(...centre)) };
}

describe('surfaceOf', () => {
  it.each(gridNames)('makes a solid of the volume of the voxels of a ball, on a grid that is %s', async (name) => {
    const balls = [ballIn(name, (length) => new Uint8Array(length)), ballIn(name, (length) => new Uint16Array(length))];
    const jobs = balls.flatMap((one) => smoothings.map((smoothing) => ({ ...one, smoothing })));
    const meshes = await measured(jobs.map(({ image, smoothing }) => [image, smoothing]));
    for (const [n, { image, grid, radius, centre, smoothing }] of jobs.entries()) {
      const mesh = meshes[n]!;
      expect(mesh).toMatchObject({ watertight: true, windingConsistent: true, bodies: 1 });
      expect(Math.abs(mesh.volume / (count(image) * voxelVolume(grid)) - 1)).toBeLessThan(1e-4);
      const side = Math.max(...grid.spacing);
      // The corners of voxels whose centres are in the ball stand out by up to half a diagonal.
      const reach = smoothing === 'none' ? 0.87 * side : 0.55 * side;
      for (const axis of [0, 1, 2]) {
        expect(Math.abs(mesh.centroid[axis]! - centre[axis]!)).toBeLessThan(0.05 * side);
        expect(Math.abs(mesh.bounds[0][axis]! - (centre[axis]! - radius))).toBeLessThan(reach);
        expect(Math.abs(mesh.bounds[1][axis]! - (centre[axis]! + radius))).toBeLessThan(reach);
      }
      if (smoothing === 'some') expect(Math.abs(mesh.area / (4 * Math.PI * radius ** 2) - 1)).toBeLessThan(0.05);
    }
  });

  it('closes structures at all borders of the image, thin ones, lone voxels, and those that touch by edge or corner', async () => {
    const rng = stream(3);
    const voxels = (shape: Vector3, grid: Partial<Grid>, paint: (index: Vector3) => number) => {
      const whole = gridOf(shape, grid);
      return imageOf(whole, painted(whole, new Uint16Array(voxelCount(whole)), paint));
    };
    const images = Object.values(grids).flatMap((grid) => [
      voxels([4, 5, 6], grid, () => 1),
      voxels([9, 9, 1], grid, ([i, j]) => Number(Math.hypot(i - 4, j - 4) < 4)),
      voxels([3, 3, 3], grid, (index) => Number(index.every((at) => at === 1))),
      voxels([2, 2, 2], grid, ([i, j, k]) => Number(i === j && j === k)),
      voxels([2, 2, 1], grid, ([i, j]) => Number(i === j)),
      voxels([8, 8, 8], grid, ([i, j, k]) => (i + j + k) % 2),
      voxels([12, 11, 10], grid, () => Number(rng.uniform() < 0.5)),
      voxels([12, 11, 10], grid, () => Number(rng.uniform() < 0.1)),
      voxels([12, 11, 10], grid, () => Number(rng.uniform() < 0.9)),
    ]);
    const jobs = images.flatMap((image) => smoothings.map((smoothing) => [image, smoothing] as const));
    for (const [n, mesh] of (await measured(jobs)).entries()) {
      expect(mesh).toMatchObject({ watertight: true, windingConsistent: true });
      const volume = mesh.volume / voxelVolume(jobs[n]![0].volume.grid) / count(jobs[n]![0]);
      expect(volume).toBeGreaterThan(0.8);
      expect(volume).toBeLessThan(1.05);
    }
  });

  it('puts the faces of voxels at the sides of voxels, to a ten-thousandth of a millimetre', () => {
    const grid = gridOf([5, 4, 3], {
      spacing: [0.5, 2, 3],
      origin: [-120.3, 45.7, 801.9],
      direction: [0, -1, 0, 1, 0, 0, 0, 0, 1],
    });
    const image = imageOf(
      grid,
      painted(grid, new Uint8Array(60), ([i, j, k]) => Number(i === 4 && j === 1 && k === 2) * 9),
    );
    const [surface] = surfacesOf(image, { smoothing: 'none' });
    const along = (axis: number) => surface!.positions.filter((_, n) => n % 3 === axis);
    const [x, y, z] = indexToWorld(grid, indexPoint(4, 1, 2));
    const box = [0, 1, 2].map((axis) => [Math.min(...along(axis)), Math.max(...along(axis))]);
    for (const [axis, [low, high]] of [
      [x - 1, x + 1],
      [y - 0.25, y + 0.25],
      [z - 1.5, z + 1.5],
    ].entries()) {
      expect(box[axis]![0]).toBeCloseTo(low!, 4);
      expect(box[axis]![1]).toBeCloseTo(high!, 4);
    }
  });

  it('takes thousands of labels, looking at the box of each only', () => {
    const grid = gridOf([48, 48, 48]);
    const block = ([i, j, k]: Vector3) => (i >> 2) + 12 * (j >> 2) + 144 * (k >> 2) + 1;
    const surfaces = surfacesOf(imageOf(grid, painted(grid, new Uint16Array(48 ** 3), block)));
    expect([surfaces.length, surfaces.at(-1)?.name, surfaces.at(-1)?.value]).toEqual([1728, 'label_1728', 1728]);
    expect(surfaces.every(({ triangles }) => triangles.length === 3 * 2 * 6 * 16)).toBe(true);
    expect(new Set(surfaces.slice(0, 40).map(({ colour }) => colour)).size).toBe(40);
  });

  it('refuses noise, whose surface would not fit', () => {
    const grid = gridOf([160, 160, 160]);
    const noise = painted(grid, new Uint8Array(160 ** 3), ([i, j, k]) => (i + j + k) % 2);
    expect(() => surfacesOf(imageOf(grid, noise))).toThrow(
      expect.objectContaining({ kind: 'memory', what: expect.stringMatching(/12288000 voxel faces/) as unknown }),
    );
  });

  it('refuses voxels so far from the origin that single precision would bend them', () => {
    const image = (origin: Vector3) => imageOf(gridOf([1, 1, 1], { origin }), Uint8Array.of(1));
    expect(surfacesOf(image([1e4, 0, 0]))).toHaveLength(1);
    expect(() => surfacesOf(image([0, -1e6, 0]))).toThrow(
      expect.objectContaining({ kind: 'data', what: expect.stringMatching(/too far/) as unknown }),
    );
  });
});
