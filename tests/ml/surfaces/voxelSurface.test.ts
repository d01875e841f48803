import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smoothSurface } from '../../../ml/surfaces/smoothSurface.ts';
import { structureMask } from '../../../ml/surfaces/structureMask.ts';
import { surfaceParts } from '../../../ml/surfaces/surfaceParts.ts';
import { voxelSurface, type IndexSurface } from '../../../ml/surfaces/voxelSurface.ts';
import type { Vector3 } from '../../../ml/volume/grid.ts';

/** Every voxel of the array is in the box, so that structures touch its border. */
function surfaceOfVoxels(data: Uint8Array, shape: Vector3): IndexSurface {
  return voxelSurface(structureMask(data, shape, 1, { from: [0, 0, 0], to: shape }));
}

/** Vertices at one place, in single precision, are one: what a reader of STL makes of a mesh. */
function merged({ positions, triangles }: IndexSurface): Uint32Array {
  const places = Array.from({ length: positions.length / 3 }, (_, v) =>
    String(Float32Array.from(positions.subarray(3 * v, 3 * v + 3))),
  );
  const first = new Map(places.map((place, v) => [place, v]));
  return triangles.map((vertex) => first.get(places[vertex]!)!);
}

/** Whether every edge has one triangle on each side, both turning the same way. */
function isClosed(triangles: Uint32Array): boolean {
  const edges: string[] = [];
  for (let t = 0; t < triangles.length; t += 3)
    for (let n = 0; n < 3; n++) edges.push(`${triangles[t + n]!} ${triangles[t + ((n + 1) % 3)]!}`);
  const all = new Set(edges);
  return all.size === edges.length && edges.every((edge) => all.has(edge.split(' ').reverse().join(' ')));
}

function enclosed({ positions, triangles }: IndexSurface): number {
  let sum = 0;
  const at = (vertex: number) => positions.subarray(3 * vertex, 3 * vertex + 3) as unknown as Vector3;
  for (let t = 0; t < triangles.length; t += 3) {
    const [[ax, ay, az], [bx, by, bz], [cx, cy, cz]] = [
      at(triangles[t]!),
      at(triangles[t + 1]!),
      at(triangles[t + 2]!),
    ];
    sum += (ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)) / 6;
  }
  return sum;
}

const count = (data: Uint8Array) => data.reduce((sum, inside) => sum + inside, 0);

const blob = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([i, j, k]) => {
    const voxels = fc.uint8Array({ minLength: i * j * k, maxLength: i * j * k, max: 1 });
    return voxels.map((data) => ({ data, shape: [i, j, k] as const }));
  })
  .filter(({ data }) => count(data) > 0);

describe('voxelSurface', () => {
  it('is closed, outward and of the right volume for every pattern of eight voxels', () => {
    for (let pattern = 1; pattern < 256; pattern++) {
      const data = Uint8Array.from({ length: 8 }, (_, voxel) => (pattern >> voxel) & 1);
      const surface = surfaceOfVoxels(data, [2, 2, 2]);
      expect([pattern, isClosed(surface.triangles), isClosed(merged(surface))]).toEqual([pattern, true, true]);
      expect(enclosed(surface)).toBeGreaterThan(0.8 * count(data));
      expect(enclosed(surface)).toBeLessThan(1.001 * count(data));
    }
  });

  it('is closed and outward for any voxels, also where they touch the border, an edge or a corner only', () => {
    fc.assert(
      fc.property(blob, ({ data, shape }) => {
        const surface = surfaceOfVoxels(data, shape);
        expect(isClosed(surface.triangles)).toBe(true);
        expect(isClosed(merged(surface))).toBe(true);
        expect(Math.abs(enclosed(surface) / count(data) - 1)).toBeLessThan(0.2);
        expect(surface.positions.every((at, n) => at >= -0.5 && at <= shape[n % 3]! - 0.5)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is the cube of a lone voxel', () => {
    const surface = voxelSurface(
      structureMask(Uint8Array.of(0, 0, 0, 7, 0, 0), [3, 2, 1], 7, { from: [0, 1, 0], to: [1, 2, 1] }),
    );
    expect([surface.positions.length / 3, surface.triangles.length / 3]).toEqual([8, 12]);
    expect(enclosed(surface)).toBeCloseTo(1, 12);
    expect([Math.min(...surface.positions), Math.max(...surface.positions)]).toEqual([-0.5, 1.5]);
  });
});

describe('smoothSurface', () => {
  it('keeps the volume of each part, and every surface closed', () => {
    fc.assert(
      fc.property(blob, ({ data, shape }) => {
        const surface = surfaceOfVoxels(data, shape);
        const smooth = smoothSurface(surface);
        expect(isClosed(merged(smooth))).toBe(true);
        const { parts, count: partCount } = surfaceParts(surface);
        for (let part = 0; part < partCount; part++) {
          const only = (one: IndexSurface): IndexSurface => ({
            ...one,
            triangles: one.triangles.filter((_, n) => parts[one.triangles[n - (n % 3)]!] === part),
          });
          expect(enclosed(only(smooth))).toBeCloseTo(enclosed(only(surface)), 3);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('leaves a flat side flat', () => {
    const smooth = smoothSurface(surfaceOfVoxels(new Uint8Array(14 ** 3).fill(1), [14, 14, 14]));
    const middle: number[] = [];
    for (let v = 0; v < smooth.positions.length; v += 3) {
      const [i, j, k] = smooth.positions.subarray(v, v + 3);
      if (Math.hypot(i! - 6.5, j! - 6.5) < 1.1) middle.push(k!);
    }
    expect(middle).toHaveLength(10);
    for (const k of middle) expect(Math.min(Math.abs(k + 0.5), Math.abs(k - 13.5))).toBeLessThan(0.1);
  });
});
