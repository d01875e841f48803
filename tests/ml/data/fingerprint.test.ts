import { describe, expect, it } from 'vitest';
import { fingerprint, summariseCase } from '../../../ml/data/fingerprint.ts';
import type { Grid, Matrix3 } from '../../../ml/volume/grid.ts';

const identity: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const grid: Grid = { shape: [2, 2, 1], spacing: [1, 2, 3], unit: 'mm', origin: [0, 0, 0], direction: identity };

describe('fingerprint', () => {
  it('counts classes over cases, and looks at intensities inside foreground only', () => {
    const first = summariseCase(
      { grid, channels: 1, data: Int16Array.of(0, 10, 20, 900) },
      Uint8Array.of(0, 1, 1, 0),
      3,
    );
    const second = summariseCase(
      { grid, channels: 1, data: Uint8Array.of(0, 0, 30, 40) },
      Uint8Array.of(0, 0, 1, 2),
      3,
    );
    const made = fingerprint([first, second], ['T1'], ['background', 'a', 'b']);
    expect(made.classes).toEqual([
      { name: 'background', voxels: 4, cases: 2 },
      { name: 'a', voxels: 3, cases: 2 },
      { name: 'b', voxels: 1, cases: 1 },
    ]);
    expect(made.channels[0]).toMatchObject({ name: 'T1', mean: 25, median: 25, nonzeroFraction: 0.625 });
    expect(made.channels[0]?.deviation).toBeCloseTo(Math.sqrt(125), 9);
  });

  it('says shape and spacing along patient axes, however the file stores them', () => {
    // The i axis of the file points up, j to the left, k to the back.
    const direction: Matrix3 = [0, 1, 0, 0, 0, 1, 1, 0, 0];
    const turned: Grid = { ...grid, shape: [4, 3, 2], spacing: [5, 6, 7], direction };
    const summary = summariseCase(
      { grid: turned, channels: 1, data: new Float32Array(24).fill(1) },
      new Uint8Array(24),
      2,
    );
    expect(summary.shape).toEqual([3, 2, 4]);
    expect(summary.spacing).toEqual([6, 7, 5]);
  });

  it('keeps at most 10 000 intensities of a case, spread over all of its foreground', () => {
    const length = 25_000;
    const large: Grid = { ...grid, shape: [length, 1, 1] };
    const data = Float32Array.from({ length }, (_, v) => v);
    const [samples] = summariseCase(
      { grid: large, channels: 1, data },
      new Uint8Array(length).fill(1),
      2,
    ).foregroundSamples;
    expect(samples?.length).toBe(8334);
    expect(samples?.at(-1)).toBe(24_999);
  });

  it('says 0 where there is no foreground', () => {
    const empty = summariseCase({ grid, channels: 1, data: Float32Array.of(1, 2, 3, 4) }, new Uint8Array(4), 2);
    expect(fingerprint([empty], ['T1'], ['background', 'a']).channels[0]).toMatchObject({
      mean: 0,
      deviation: 0,
      median: 0,
    });
  });
});
