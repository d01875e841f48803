import { describe, expect, it } from 'vitest';
import type { ModelSummary } from '../../../main/contract/models.ts';
import { askedOf, settingsOf } from '../../../renderer/segment/effort.ts';

const model: ModelSummary = {
  name: 'm',
  version: '1.0.0',
  source: 'shipped',
  task: 't',
  licence: 'l',
  modality: 'MR',
  channels: ['T1'],
  structures: [],
  dimensions: 3,
  spacing: [1, 1, 1],
  unit: 'mm',
  methods: ['direct', 'diffusion', 'pd-ddpm', 'ensemble'],
  recommended: { method: 'ensemble', samples: 8, steps: 10, start: 1, sampler: 'ddim' },
  timesteps: 1000,
  scores: [],
  trainedOn: { name: 'd', licence: 'l', cases: 1 },
  bytes: 1,
};

describe('settingsOf', () => {
  it('is one direct pass when quick, where the model can', () => {
    expect(settingsOf(model, 'quick')).toMatchObject({ method: 'direct', samples: 1 });
    expect(settingsOf({ ...model, methods: ['diffusion'] }, 'quick')).toMatchObject({ method: 'ensemble', samples: 1 });
  });

  it('is what the model recommends when balanced, and enough samples for quantiles when thorough', () => {
    expect(settingsOf(model, 'balanced')).toEqual({ method: 'ensemble', samples: 8, steps: 10, start: 1 });
    expect(settingsOf(model, 'thorough').samples).toBe(20);
    const many = { ...model, recommended: { ...model.recommended, samples: 50 } };
    expect(settingsOf(many, 'thorough').samples).toBe(50);
  });

  it('draws no more samples of a model that draws none', () => {
    const direct = { ...model.recommended, method: 'direct' as const, samples: 1 };
    expect(settingsOf({ ...model, methods: ['direct'], recommended: direct }, 'thorough').samples).toBe(1);
  });
});

describe('askedOf', () => {
  it('names nothing that the method has not', () => {
    const settings = { samples: 4, steps: 10, start: 0.3 };
    expect(askedOf({ method: 'direct', ...settings })).toEqual({ method: 'direct' });
    expect(askedOf({ method: 'ensemble', ...settings })).toEqual({ method: 'ensemble', samples: 4, steps: 10 });
    expect(askedOf({ method: 'pd-ddpm', ...settings })).toEqual({ method: 'pd-ddpm', ...settings });
  });
});
