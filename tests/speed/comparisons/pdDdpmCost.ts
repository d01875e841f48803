import type { Comparison } from '../support/comparison.ts';
import { openShippedDiffusion } from '../support/shippedDiffusion.ts';

const steps = 50;

/** PD-DDPM from a fifth of the chain, its pre-segmentation included. */
export const comparison: Comparison = {
  name: 'pd-ddpm-cost',
  unit: 'ms',
  against: `the whole chain of ${steps} steps`,
  warmups: 1,
  prepare: async () => {
    const diffusion = await openShippedDiffusion();
    return {
      ours: () => diffusion.fromPrior(steps, 0.2),
      theirs: () => diffusion.sample(steps),
      dispose: diffusion.dispose,
    };
  },
};
