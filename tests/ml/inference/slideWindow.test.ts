import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slideWindow } from '../../../ml/inference/slideWindow.ts';
import { stream } from '../../../ml/random/stream.ts';

const side = fc.integer({ min: 1, max: 14 });
const sizes = fc.tuple(side, side, side);
const volumeOf = ([k, j, i]: readonly number[]): number => k! * j! * i!;

const noise = (count: number): Float32Array => {
  const rng = stream(2, 'image');
  return Float32Array.from({ length: count }, () => rng.normal());
};

/** Answers with a function of each voxel alone, so windows agree wherever they overlap. */
const pointwise = (window: Float32Array) =>
  Promise.resolve(
    Float32Array.from([...window.map((v) => 1 / (1 + Math.exp(-v))), ...window.map((v) => 1 / (1 + Math.exp(v)))]),
  );

describe('slideWindow', () => {
  it('leaves what does not depend on the window as it is: constants and functions of a voxel', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (shape, patch) => {
        const voxels = volumeOf(shape);
        const image = noise(voxels);
        const constant = await slideWindow(image, shape, patch, 2, () =>
          Promise.resolve(new Float32Array(2 * volumeOf(patch)).fill(0.3)),
        );
        expect(Math.max(...constant.map((value) => Math.abs(value - 0.3)))).toBeLessThan(1e-6);
        const [whole, slid] = [await pointwise(image), await slideWindow(image, shape, patch, 2, pointwise)];
        expect(Math.max(...slid.map((value, at) => Math.abs(value - whole[at]!)))).toBeLessThan(1e-6);
      }),
      { numRuns: 40 },
    );
  });

  it('of a volume that is one patch is exactly the single pass', async () => {
    const answer = noise(2 * 6 * 5 * 4);
    const seen: Float32Array[] = [];
    const image = noise(120);
    const slid = await slideWindow(image, [6, 5, 4], [6, 5, 4], 2, (window) => {
      seen.push(window);
      return Promise.resolve(answer);
    });
    expect(seen).toEqual([image]);
    expect(slid).toEqual(answer);
  });

  it('of a volume that fits into a patch is exactly the middle of the single pass', async () => {
    const answer = Float32Array.from({ length: 36 }, (_, i) => Math.fround(Math.sin(i)));
    const slid = await slideWindow(noise(4), [1, 2, 2], [1, 6, 6], 1, () => Promise.resolve(answer));
    expect([...slid]).toEqual([14, 15, 20, 21].map((at) => answer[at]));
  });

  it('goes over smoothly from one window to the next', async () => {
    // Two windows that disagree: 0 in the first, 1 in the second.
    let passes = 0;
    const slid = await slideWindow(noise(48), [1, 1, 48], [1, 1, 32], 1, () =>
      Promise.resolve(new Float32Array(32).fill(passes++)),
    );
    expect(passes).toBe(2);
    expect([slid[0], slid[47]]).toEqual([0, 1]);
    const changes = [...slid.slice(1)].map((value, i) => value - slid[i]!);
    expect(Math.min(...changes)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...changes)).toBeLessThan(0.3);
  });

  it('asks for the windows one after another, by number', async () => {
    const asked: number[] = [];
    await slideWindow(noise(20), [1, 1, 20], [1, 1, 8], 1, (window, index) => {
      asked.push(index);
      return Promise.resolve(window);
    });
    expect(asked).toEqual([0, 1, 2, 3]);
  });
});
