import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resolveSettings } from '../../../../main/services/segmentation/settings.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { writeTinyModel } from './tinyModel.ts';

it('settings are what was asked for, and the recommendation of the model for the rest', async () => {
  const model = await writeTinyModel(join(temporaryFolder(), 'model'));
  const chain = { method: 'diffusion', samples: 2, steps: 2, start: 1, sampler: 'ddim' };
  const recommended = { ...chain, augment: false, fusion: 'mean', temperature: 1, seed: 0 };
  expect(resolveSettings(model, {})).toEqual(recommended);
  expect(resolveSettings(model, { samples: 5, sampler: 'ddpm', seed: 3 })).toEqual({
    ...recommended,
    samples: 5,
    sampler: 'ddpm',
    seed: 3,
  });
  expect(resolveSettings(model, { method: 'direct' })).toMatchObject({ method: 'direct', samples: 1, steps: 1 });
  expect(resolveSettings(model, { method: 'direct', augment: true })).toMatchObject({ samples: 8, augment: true });
  expect(resolveSettings(model, { method: 'ensemble' })).toMatchObject({ method: 'ensemble', samples: 2 });
});

it('a chain from a pre-segmentation starts where it is asked to, else at three tenths; others start from noise', async () => {
  const model = await writeTinyModel(join(temporaryFolder(), 'model'));
  expect(resolveSettings(model, { method: 'pd-ddpm', steps: 50 })).toMatchObject({ steps: 50, start: 0.3 });
  expect(resolveSettings(model, { method: 'pd-ddpm', start: 0.1 })).toMatchObject({ method: 'pd-ddpm', start: 0.1 });
  for (const method of ['direct', 'diffusion', 'ensemble'] as const)
    expect(() => resolveSettings(model, { method, start: 0.5 })).toThrow(
      expect.objectContaining({ kind: 'usage', where: '--start' }) as Error,
    );
});

it('a chain from a pre-segmentation needs both networks', async () => {
  const model = await writeTinyModel(join(temporaryFolder(), 'model'), { kinds: ['direct'] });
  expect(() => resolveSettings(model, { method: 'pd-ddpm' })).toThrow(
    expect.objectContaining({ kind: 'model', what: expect.stringContaining('diffusion network') as string }) as Error,
  );
});
