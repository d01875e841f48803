import type { Comparison } from '../support/comparison.ts';
import { openShippedDiffusion } from '../support/shippedDiffusion.ts';

/** What a sample costs beside its five passes through the network. */
export const comparison: Comparison = {
  name: 'diffusion-overhead',
  unit: 'ms',
  against: 'one pass through the same network',
  warmups: 2,
  prepare: async () => {
    const diffusion = await openShippedDiffusion();
    return { ours: () => diffusion.sample(5), theirs: diffusion.pass, dispose: diffusion.dispose };
  },
};
