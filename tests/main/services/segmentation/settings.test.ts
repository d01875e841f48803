import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resolveSettings } from '../../../../main/services/segmentation/settings.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { writeTinyModel } from './tinyModel.ts';

it('settings are what was asked for, and the recommendation of the model for the rest', async () => {
  const model = await writeTinyModel(join(temporaryFolder(), 'model'));
  const recommended = { method: 'diffusion', samples: 2, steps: 2, sampler: 'ddim', seed: 0 };
  expect(resolveSettings(model, {})).toEqual(recommended);
  expect(resolveSettings(model, { samples: 5, sampler: 'ddpm', seed: 3 })).toEqual({
    ...recommended,
    samples: 5,
    sampler: 'ddpm',
    seed: 3,
  });
  expect(resolveSettings(model, { method: 'direct' })).toMatchObject({ method: 'direct', samples: 1, steps: 1 });
  expect(resolveSettings(model, { method: 'ensemble' })).toMatchObject({ method: 'ensemble', samples: 2 });
});
