import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../ml/check/problem.ts';
import { sizeMultiple } from '../../../../ml/nn/unetConfig.ts';
import { estimateMiB, fitPatch } from '../../../../main/services/segmentation/memory.ts';
import { tinyNetwork } from '../../../ml/training/tinyStep.ts';

const network = tinyNetwork({ dimensions: 3, channels: [32, 64, 128] });
const size = { imageVoxels: 1e6, networkVoxels: 1e6, channels: 1, classes: 3 };
const side = fc.integer({ min: 2, max: 40 }).map((count) => 4 * count);

describe('fitPatch', () => {
  it('keeps the patch where it fits', () => {
    expect(fitPatch(size, network, [64, 64, 64], 1e5).patch).toEqual([64, 64, 64]);
  });

  it('gives a patch that fits, that the network can halve, and no larger than asked; or says what would do', () => {
    fc.assert(
      fc.property(fc.tuple(side, side, side), fc.integer({ min: 100, max: 3000 }), (patch, allowed) => {
        try {
          const fitting = fitPatch(size, network, patch, allowed);
          expect(fitting.neededMiB).toBeLessThanOrEqual(allowed);
          expect(fitting.neededMiB).toBe(estimateMiB(size, network, fitting.patch));
          expect(fitting.patch.every((extent, i) => extent <= patch[i]! && extent % sizeMultiple(network) === 0)).toBe(
            true,
          );
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          const needed = Number(/needs about (\d+) MiB/.exec(error.what)?.[1]);
          expect(error.kind).toBe('memory');
          expect(needed).toBeGreaterThan(allowed);
          expect(fitPatch(size, network, patch, needed).neededMiB).toBeLessThanOrEqual(needed);
        }
      }),
    );
  });
});
