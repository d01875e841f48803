import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openShippedDiffusion } from '../speed/support/shippedDiffusion.ts';
import { TorchDiffusion } from '../speed/support/torchDiffusion.ts';

const folder = mkdtempSync(join(tmpdir(), 'sfumato-parity-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a sample of the shipped diffusion network', () => {
  it.each([1, 2, 5])(
    'is that of PyTorch with the same weights from the same noise, in %i steps',
    async (steps) => {
      const diffusion = await openShippedDiffusion();
      const torch = await TorchDiffusion.start(folder, diffusion.image, diffusion.noise());
      try {
        const ours = await diffusion.mask(steps);
        await torch.sample(steps, 'contiguous');
        const theirs = await torch.mask();
        const same = ours.filter((label, voxel) => label === theirs[voxel]).length;
        expect(theirs.some((label) => label > 0)).toBe(true);
        expect(same / ours.length).toBeGreaterThan(0.999);
      } finally {
        await torch.dispose();
        await diffusion.dispose();
      }
    },
    300_000,
  );
});
