import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Comparison } from '../support/comparison.ts';
import { openShippedDiffusion } from '../support/shippedDiffusion.ts';
import { TorchDiffusion } from '../support/torchDiffusion.ts';

const steps = 5;

/** The same weights, image and sampling in PyTorch; that the masks are the same, tests/parity/diffusion.long.test.ts shows. */
export const comparison: Comparison = {
  name: 'diffusion-torch',
  unit: 'ms',
  against: 'PyTorch, its faster memory format, 2 threads',
  warmups: 2,
  prepare: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sfumato-diffusion-'));
    const diffusion = await openShippedDiffusion();
    const torch = await TorchDiffusion.start(folder, diffusion.image, diffusion.noise());
    const format = await torch.fasterFormat(steps);
    return {
      ours: () => diffusion.sample(steps),
      theirs: () => torch.sample(steps, format),
      dispose: async () => {
        await torch.dispose();
        await diffusion.dispose();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};
