import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultAugmentation } from '../../../ml/data/augmentation/settings.ts';
import { drawBatch } from '../../../ml/data/batch.ts';
import type { BatchRecipe } from '../../../ml/data/batch.ts';
import { arrayCases, ballCase, bytesOf } from './arrayCases.ts';
import { noAugmentation } from './augmentation/noAugmentation.ts';

const source = arrayCases([ballCase([20, 24, 22]), ballCase([10, 30, 12]), ballCase([16, 16, 16])]);
const recipe: BatchRecipe = {
  plan: { patch: [16, 16, 16], spacing: [1, 1, 1], context: 0 },
  batchSize: 2,
  cases: [0, 1, 2],
  seed: 1,
  augmentation: defaultAugmentation,
};

describe('drawBatch', () => {
  it('is a function of seed and step: steps drawn in any order give the same bytes', () => {
    const inOrder = [0, 1, 2, 3, 4].map((step) => drawBatch(source, recipe, step));
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 1 }), (steps) => {
        for (const step of steps)
          expect(bytesOf(drawBatch(source, recipe, step)) === bytesOf(inOrder[step]!)).toBe(true);
      }),
      { numRuns: 5 },
    );
    expect(bytesOf(drawBatch(source, { ...recipe, seed: 2 }, 0)) === bytesOf(inOrder[0]!)).toBe(false);
    expect(bytesOf(inOrder[1]!) === bytesOf(inOrder[0]!)).toBe(false);
  });

  it('with every probability at 0 gives what it gives without augmentation', () => {
    for (let step = 0; step < 5; step++) {
      const plain = drawBatch(source, { ...recipe, augmentation: undefined }, step);
      const unchanged = drawBatch(source, { ...recipe, augmentation: noAugmentation }, step);
      expect(bytesOf(unchanged) === bytesOf(plain)).toBe(true);
    }
  });

  it('keeps a label on its image: where an image equal to its label is not mixed, they are equal after any transform', () => {
    const space = { ...defaultAugmentation, mirror: ['k', 'j', 'i'] as ('k' | 'j' | 'i')[] };
    for (const name of ['gamma', 'brightness', 'contrast', 'noise', 'blur', 'lowResolution'] as const) {
      Object.assign(space, { [name]: noAugmentation[name] });
    }
    let foreground = 0;
    for (let step = 0; step < 10; step++) {
      const { image, label } = drawBatch(source, { ...recipe, augmentation: space }, step);
      const whole = [...image.keys()].filter((v) => Number.isInteger(image[v]));
      foreground += whole.filter((v) => image[v]! > 0).length;
      expect(whole.filter((v) => label[v] !== image[v])).toEqual([]);
    }
    expect(foreground).toBeGreaterThan(1000);
  });

  it('shows every case once a round, in another order each round', () => {
    const cases = Array.from({ length: 7 }, (_, n) => n + 1);
    const numbered = arrayCases(
      [0, ...cases].map((n) => ({ shape: [1, 1, 1], image: Float32Array.of(n), label: Uint8Array.of(0) })),
    );
    const tiny: BatchRecipe = {
      plan: { patch: [1, 1], spacing: [1, 1, 1], context: 0 },
      batchSize: 7,
      cases,
      seed: 0,
      augmentation: undefined,
    };
    const rounds = Array.from({ length: 4 }, (_, step) => [...drawBatch(numbered, tiny, step).image]);
    for (const round of rounds) expect(round.toSorted((a, b) => a - b)).toEqual(cases);
    expect(new Set(rounds.map(String)).size).toBeGreaterThan(1);
  });

  it('centres a third of the patches on foreground that hardly any patch would meet by chance', () => {
    const shape = [40, 40, 40] as const;
    const label = new Uint8Array(64_000);
    label[20 * 1600 + 21 * 40 + 19] = 1;
    label.fill(2, 30 * 1600 + 600, 30 * 1600 + 640);
    const rare = arrayCases([{ shape, image: Float32Array.from(label), label }]);
    const only: BatchRecipe = {
      ...recipe,
      plan: { patch: [4, 4, 4], spacing: [1, 1, 1], context: 0 },
      batchSize: 3,
      cases: [0],
      augmentation: undefined,
    };
    const met = { any: 0, one: 0 };
    for (let step = 0; step < 200; step++) {
      const batch = drawBatch(rare, only, step);
      expect(batch.label.subarray(0, 64).some((value) => value > 0)).toBe(true);
      for (let n = 0; n < 3; n++) {
        const own = batch.label.subarray(64 * n, 64 * n + 64);
        if (own.some((value) => value > 0)) met.any++;
        if (own.includes(1)) met.one++;
      }
    }
    expect(met.any).toBeGreaterThanOrEqual(200);
    expect(met.any).toBeLessThan(230);
    expect(Math.abs(met.one - 100)).toBeLessThan(30);
  });

  it('pads a case smaller than the patch with 0 around its middle', () => {
    const ones = arrayCases([
      { shape: [2, 3, 4], image: new Float32Array(24).fill(1), label: new Uint8Array(24).fill(1) },
    ]);
    const padded: BatchRecipe = {
      ...recipe,
      plan: { patch: [4, 3, 8], spacing: [1, 1, 1], context: 0 },
      batchSize: 1,
      cases: [0],
      augmentation: undefined,
    };
    const { image, label } = drawBatch(ones, padded, 0);
    expect(image.reduce((sum, value) => sum + value, 0)).toBe(24);
    expect([...label.subarray(24, 32)]).toEqual([0, 0, 1, 1, 1, 1, 0, 0]);
    expect([...label.subarray(0, 24)]).toEqual(new Array(24).fill(0));
    expect(label.length).toBe(96);
  });

  it('gives two-dimensional patches that are slices of the volume', () => {
    const flat: BatchRecipe = { ...recipe, plan: { patch: [16, 8], spacing: [1, 1, 4], context: 0 }, batchSize: 4 };
    const { image, label } = drawBatch(source, flat, 0);
    expect([image.length, label.length]).toEqual([512, 512]);
  });

  it('gives slices with those beside them as channels, and the label of the one in the middle', () => {
    const shape = [4, 16, 8] as const;
    const depth = arrayCases([
      {
        shape,
        image: Float32Array.from({ length: 512 }, (_, v) => 1 + Math.floor(v / 128)),
        label: Uint8Array.from({ length: 512 }, (_, v) => 1 + Math.floor(v / 128)),
      },
    ]);
    const plan = { patch: [16, 8], spacing: [1, 1, 5], context: 1 } as const;
    const middle = new Set<number>();
    for (const augmentation of [
      undefined,
      noAugmentation,
      { ...noAugmentation, rotation: { probability: 1, degrees: 10 } },
    ])
      for (let step = 0; step < 8; step++) {
        const own: BatchRecipe = {
          ...recipe,
          plan: { ...plan, patch: [16, 8], spacing: [1, 1, 5] },
          cases: [0],
          augmentation,
        };
        const { image, label } = drawBatch(depth, own, step);
        expect([image.length, label.length]).toEqual([2 * 3 * 128, 2 * 128]);
        for (const n of [0, 1]) {
          const slice = label[n * 128 + 60]!;
          middle.add(slice);
          const seen = [0, 1, 2].map((at) => image[(3 * n + at) * 128 + 60]);
          expect(seen).toEqual([slice - 1, slice, slice === 4 ? 0 : slice + 1]);
        }
      }
    expect([...middle].toSorted()).toEqual([1, 2, 3, 4]);
  });

  it('never mixes slices of context by blurring or lowering their resolution', () => {
    const shape = [3, 16, 16] as const;
    const image = new Float32Array(768).fill(0);
    image.fill(5, 256, 512);
    const one = arrayCases([{ shape, image, label: new Uint8Array(768).fill(1) }]);
    const augmentation = {
      ...noAugmentation,
      blur: { probability: 1, deviation: [1, 1] as [number, number] },
      lowResolution: { probability: 1, fraction: [0.5, 0.5] as [number, number] },
    };
    const plan: BatchRecipe['plan'] = { patch: [16, 16], spacing: [1, 1, 5], context: 1 };
    for (let step = 0; step < 4; step++) {
      const batch = drawBatch(one, { ...recipe, plan, cases: [0], augmentation }, step);
      expect([...batch.image].every((value) => Math.min(Math.abs(value), Math.abs(value - 5)) < 1e-5)).toBe(true);
    }
  });
});
