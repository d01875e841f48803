import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Matrix3, Vector3 } from '../../../../../ml/volume/grid.ts';
import { column } from '../../../../../ml/volume/matrix.ts';
import { vector3 } from '../../../../support/tuples.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';
import { writeSeries, type MadeSeries } from './madeSeries.ts';
import { openDicom, readDicom } from './openDicom.ts';

const axial: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Rotation matrix of a quaternion. */
function rotation([w, x, y, z]: readonly [number, number, number, number]): Matrix3 {
  const s = 2 / (w * w + x * x + y * y + z * z);
  return [
    1 - s * (y * y + z * z), s * (x * y - z * w), s * (x * z + y * w),
    s * (x * y + z * w), 1 - s * (x * x + z * z), s * (y * z - x * w),
    s * (x * z - y * w), s * (y * z + x * w), 1 - s * (x * x + y * y),
  ]; // prettier-ignore
}

interface Plan {
  readonly direction: Matrix3;
  readonly origin: Vector3;
  readonly pixelSize: readonly [number, number];
  readonly gap: number;
  readonly columns: number;
  readonly rows: number;
  /** The order in which slices are written. */
  readonly order: readonly number[];
}

/** Where slice `k` begins: moved by `depth` along the normal and `x`, `y` within the plane. */
function beginning({ direction, origin, gap }: Plan, k: number, [x, y, z]: Vector3 = [0, 0, 0]): Vector3 {
  const [row, down, normal] = [column(direction, 0), column(direction, 1), column(direction, 2)];
  return vector3(origin.map((value, n) => value + x * row[n]! + y * down[n]! + (k * gap + z) * normal[n]!));
}

const pixelOf = (k: number, v: number): number => ((k * 1000 + v * 7) % 60_000) - 30_000;

function made(plan: Plan, move: (k: number) => Vector3 = () => [0, 0, 0]): MadeSeries {
  const { columns, rows, order } = plan;
  return {
    ...plan,
    slices: order.map((k) => ({
      position: beginning(plan, k, move(k)),
      pixels: Int16Array.from({ length: columns * rows }, (_, v) => pixelOf(k, v)),
    })),
  };
}

const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
const angle = fc.double({ min: -1, max: 1, noNaN: true });
const plans: fc.Arbitrary<Plan> = fc
  .record({
    quaternion: fc.tuple(angle, angle, angle, angle).filter((q) => Math.hypot(...q) > 0.1),
    origin: fc.tuple(coordinate, coordinate, coordinate),
    pixelSize: fc.tuple(fc.double({ min: 0.1, max: 4, noNaN: true }), fc.double({ min: 0.1, max: 4, noNaN: true })),
    gap: fc.double({ min: 0.3, max: 9, noNaN: true }),
    columns: fc.integer({ min: 1, max: 6 }),
    rows: fc.integer({ min: 1, max: 6 }),
    count: fc.integer({ min: 2, max: 9 }),
  })
  .chain(({ quaternion, count, ...rest }) =>
    fc
      .shuffledSubarray(
        Array.from({ length: count }, (_, k) => k),
        { minLength: count },
      )
      .map((order) => ({ ...rest, order, direction: rotation(quaternion) })),
  );

const steady: Plan = {
  direction: axial,
  origin: [-10, 20, 30],
  pixelSize: [0.5, 0.75],
  gap: 2,
  columns: 4,
  rows: 3,
  order: [3, 0, 5, 1, 4, 2],
};

async function inFolder<T>(series: MadeSeries, look: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sfumato-test-'));
  try {
    writeSeries(folder, series);
    return await look(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a series', () => {
  it('keeps every voxel at its place, however it is turned and whatever the order of its files', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const image = await inFolder(made(plan), readDicom);
        const { grid, data, channels } = image.volume;
        expect([channels, ...grid.shape]).toEqual([1, plan.columns, plan.rows, plan.order.length]);
        expect(grid.unit).toBe('mm');
        [...plan.pixelSize, plan.gap].forEach((size, axis) => {
          expect(grid.spacing[axis]).toBeCloseTo(size, 6);
        });
        plan.origin.forEach((value, axis) => {
          expect(grid.origin[axis]).toBeCloseTo(value, 6);
        });
        plan.direction.forEach((value, n) => {
          expect(grid.direction[n]).toBeCloseTo(value, 6);
        });
        const size = plan.columns * plan.rows;
        expect(data).toBeInstanceOf(Int16Array);
        expect([...data]).toEqual(Array.from(data, (_, v) => pixelOf(Math.floor(v / size), v % size)));
        expect(image.warnings).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('is not regular where a slice is missing, and says how many are', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.nat(), async (plan, which) => {
        const [count, usual] = [plan.order.length, 3];
        fc.pre(count > usual + 1);
        const gone = 1 + (which % (count - 2));
        const order = plan.order.filter((k) => k !== gone);
        await inFolder(made({ ...plan, order }), async (folder) => {
          expect((await openDicom(folder))[0]?.description.warnings.join()).toMatch(/1 slice is missing/);
          await expect(readDicom(folder)).rejects.toMatchObject({
            kind: 'data',
            what: expect.stringMatching(/missing/) as string,
          });
        });
      }),
      { numRuns: 30 },
    );
  });

  it('is not regular where slices are unevenly spaced by more than rounding', async () => {
    const folder = temporaryFolder();
    writeSeries(
      folder,
      made(steady, (k) => [0, 0, k === 2 ? 0.4 : 0]),
    );
    await expect(readDicom(folder)).rejects.toMatchObject({
      what: expect.stringMatching(/unevenly spaced, 1.6 mm to 2.4 mm/) as string,
    });
  });

  it('takes positions rounded to a hundredth of a millimetre for regular', async () => {
    const folder = temporaryFolder();
    writeSeries(
      folder,
      made({ ...steady, gap: 0.6251 }, (k) => [0, 0, Math.round(k * 62.51) / 100 - k * 0.6251]),
    );
    const { volume, warnings } = await readDicom(folder);
    expect(warnings).toEqual([]);
    expect(volume.grid.spacing[2]).toBeCloseTo(0.6251, 2);
  });

  it('is not regular where the gantry was tilted, and says by how much', async () => {
    const folder = temporaryFolder();
    writeSeries(
      folder,
      made(steady, (k) => [0, k * steady.gap * Math.tan((15 * Math.PI) / 180), 0]),
    );
    await expect(readDicom(folder)).rejects.toMatchObject({
      what: expect.stringMatching(/sheared by 15.0 degrees/) as string,
    });
  });

  it('is not regular where one slice is shifted sideways', async () => {
    const folder = temporaryFolder();
    writeSeries(
      folder,
      made(steady, (k) => [k === 2 ? 3 : 0, 0, 0]),
    );
    await expect(readDicom(folder)).rejects.toMatchObject({
      what: expect.stringMatching(/shifted sideways by up to 3 mm/) as string,
    });
  });

  it('is not regular where a slice is there twice with nothing to tell the two apart', async () => {
    const folder = temporaryFolder();
    writeSeries(folder, made({ ...steady, order: [...steady.order, 2] }));
    await expect(readDicom(folder)).rejects.toMatchObject({
      what: expect.stringMatching(/1 slice is there more than once/) as string,
    });
  });
});

describe('an irregular series, resampled when asked', () => {
  /** A picture that is linear in space is kept by linear interpolation. */
  const ramp = (plan: Plan, move: (k: number) => Vector3): MadeSeries => ({
    ...plan,
    slices: plan.order.map((k) => ({
      position: beginning(plan, k, move(k)),
      pixels: Int16Array.from({ length: plan.columns * plan.rows }, (_, v) => {
        const [x, y, z] = move(k);
        const [i, j] = [v % plan.columns, Math.floor(v / plan.columns)];
        return Math.round(
          100 * (x + i * plan.pixelSize[0]) + 40 * (y + j * plan.pixelSize[1]) + 10 * (k * plan.gap + z),
        );
      }),
    })),
  });
  const expected = (i: number, j: number, k: number): number => 100 * i * 0.5 + 40 * j * 0.75 + 10 * k * 2;
  const big: Plan = { ...steady, columns: 8, rows: 8 };

  it('gets a missing slice from its neighbours', async () => {
    const folder = temporaryFolder();
    writeSeries(
      folder,
      ramp({ ...big, order: [5, 0, 1, 4, 2] }, () => [0, 0, 0]),
    );
    const { volume, warnings } = await readDicom(folder, 'resample');
    expect(volume.grid).toMatchObject({ shape: [8, 8, 6], origin: big.origin });
    expect(volume.grid.spacing[2]).toBeCloseTo(2, 9);
    volume.data.forEach((value, v) => {
      expect(value).toBeCloseTo(expected(v % 8, Math.floor(v / 8) % 8, Math.floor(v / 64)), 3);
    });
    expect(warnings.join()).toMatch(/1 slice is missing.*resampled to a regular grid of 8 x 8 x 6 voxels/s);
  });

  it('puts the slices of a tilted gantry upright, wide enough for all of them', async () => {
    const folder = temporaryFolder();
    writeSeries(
      folder,
      ramp(big, (k) => [0, 0.75 * 0.5 * k, 0]),
    );
    const { volume } = await readDicom(folder, 'resample');
    expect(volume.grid.shape).toEqual([8, 11, 6]);
    let seen = 0;
    volume.data.forEach((value, v) => {
      const [i, j, k] = [v % 8, Math.floor(v / 8) % 11, Math.floor(v / 88)];
      if (j < 0.5 * k || j > 7 + 0.5 * k) return;
      expect(value).toBeCloseTo(expected(i, j, k), 0);
      seen++;
    });
    expect(seen).toBeGreaterThan(8 * 7 * 6);
  });

  it('moves unevenly spaced slices to even places', async () => {
    const folder = temporaryFolder();
    writeSeries(
      folder,
      ramp(big, (k) => [0, 0, k === 2 ? 0.6 : 0]),
    );
    const { volume } = await readDicom(folder, 'resample');
    volume.data.forEach((value, v) => {
      expect(value).toBeCloseTo(expected(v % 8, Math.floor(v / 8) % 8, Math.floor(v / 64)), 3);
    });
  });
});
