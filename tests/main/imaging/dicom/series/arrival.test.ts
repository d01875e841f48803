import { describe, expect, it } from 'vitest';
import { readImage } from '../../../../../main/imaging/image.ts';
import type { Volume, VoxelArray } from '../../../../../ml/volume/volume.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';
import { type MadeSeries, writeSeries } from './madeSeries.ts';

/** @param value Of every voxel of slice k, before a rescale by `intercept`. */
function series(slices: number, value: (k: number) => number, intercept: number): MadeSeries {
  return {
    columns: 4,
    rows: 3,
    pixelSize: [1, 1],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    slices: Array.from({ length: slices }, (_, k) => ({
      position: [0, 0, k] as const,
      pixels: new Uint16Array(12).fill(value(k)),
      elements: { '00281052 DS': intercept, '00281053 DS': 1 },
    })),
  };
}

async function arriving(made: MadeSeries) {
  const folder = temporaryFolder();
  writeSeries(folder, made);
  const begun: Volume[] = [];
  const slices: number[] = [];
  const wrong: number[] = [];
  const area = made.columns * made.rows;
  const valuesOf = (data: VoxelArray, k: number) => Array.from(data.subarray(k * area, (k + 1) * area));
  const seen = new Map<number, readonly number[]>();
  const image = await readImage(folder, {
    arrival: {
      begin: (volume) => {
        begun.push(volume);
        for (const [k, values] of seen) if (valuesOf(volume.data, k).join() !== values.join()) wrong.push(k);
      },
      slice: (k) => {
        slices.push(k);
        seen.set(k, valuesOf(begun.at(-1)!.data, k));
      },
    },
  });
  const isFinal = [...seen].every(([k, values]) => valuesOf(image.volume.data, k).join() === values.join());
  return { image, begun, slices, wrong, isFinal };
}

describe('a series that is read', () => {
  it('tells where it lies, then of its slices from the middle outwards, each with its final values', async () => {
    const { image, begun, slices, isFinal } = await arriving(series(7, (k) => 10 * k, -5));
    expect(begun).toHaveLength(1);
    expect(begun[0]).toEqual(image.volume);
    expect(begun[0]!.data).toBe(image.volume.data);
    expect(slices[0]).toBe(3);
    expect(slices.map((k) => Math.abs(k - 3))).toEqual([0, 1, 1, 2, 2, 3, 3]);
    expect(slices.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(isFinal).toBe(true);
  });

  it('tells again where its values need a wider type, with what had arrived', async () => {
    const { image, begun, wrong, isFinal } = await arriving(series(5, (k) => (k === 0 ? 60_000 : k), -3));
    expect(begun.map(({ data }) => data.constructor.name)).toEqual(['Int16Array', 'Int32Array']);
    expect(begun.at(-1)!.data).toBe(image.volume.data);
    expect(wrong).toEqual([]);
    expect(isFinal).toBe(true);
    expect(image.volume.data[0]).toBe(59_997);
  });

  it('says nothing where it has to be resampled first', async () => {
    const folder = temporaryFolder();
    const made = series(6, (k) => k, 0);
    writeSeries(folder, { ...made, slices: made.slices.filter((_, k) => k !== 2) });
    const told: string[] = [];
    const arrival = { begin: () => void told.push('begin'), slice: () => void told.push('slice') };
    await readImage(folder, { arrival, irregular: 'resample' });
    expect(told).toEqual([]);
  });
});
