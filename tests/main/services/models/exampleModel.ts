import type { StoredTensor } from '../../../../main/services/models/safetensors.ts';
import type { ModelContents } from '../../../../main/services/models/write.ts';

const network = {
  kind: 'unet' as const,
  dimensions: 3 as const,
  imageChannels: 1,
  classes: 3,
  membership: 'exclusive' as const,
  channels: [8, 16],
  blocks: 1,
  norm: 'instance' as const,
  activation: 'gelu' as const,
  attentionHeads: 0,
};

const weights = (value: number): ReadonlyMap<string, StoredTensor> =>
  new Map([['head.weight', { type: 'F16', shape: [2, 2], data: new Float32Array(4).fill(value) }]]);

/** A model folder's content with both networks and every field filled; its weights are too few to run. */
export const exampleModel = {
  description: {
    schema: 1,
    name: 'hippocampus-example',
    version: '1.0.0',
    task: 'Anterior and posterior hippocampus from T1 MR',
    licence: 'CC-BY-SA-4.0',
    modality: 'MR',
    channels: [{ name: 'T1' }],
    labels: [
      { value: 0, name: 'background', colour: '#000000', code: null },
      { value: 1, name: 'anterior', colour: '#e6550d', code: { scheme: 'SCT', value: '123', meaning: 'Head' } },
      { value: 2, name: 'posterior', colour: '#3182bd', code: null },
    ],
    plan: {
      spacing: [1, 1, 1],
      unit: 'mm',
      patch: [48, 64, 48],
      context: 0,
      normalisation: [{ kind: 'zscore', over: 'image' }],
    },
    networks: {
      direct: { file: 'direct.safetensors', network: { ...network, maskChannels: 0 } },
      diffusion: {
        file: 'diffusion.safetensors',
        network: { ...network, maskChannels: 3 },
        timesteps: 1000,
        schedule: 'linear',
        prediction: 'xStart',
        strategy: 'recycling',
      },
    },
    recommended: { method: 'ensemble', samples: 8, steps: 5, sampler: 'ddim', start: 1 },
    training: {
      dataset: { name: 'Example', licence: 'CC-BY-SA-4.0' },
      cases: 2,
      salt: 'pepper',
      caseHashes: ['0'.repeat(64), 'f'.repeat(64)],
      runs: [{ network: 'direct', seed: 0, steps: 100, seconds: 60 }],
      machine: '2 cores',
      scores: [
        {
          method: 'direct',
          structure: 'mean',
          metric: 'dice',
          mean: 0.88,
          deviation: 0.02,
          interval: [0.87, 0.89],
          cases: 78,
        },
      ],
    },
    measured: [
      {
        method: 'direct',
        samples: 1,
        steps: 1,
        device: 'cpu',
        threads: 2,
        shape: [35, 51, 35],
        seconds: 0.1,
        peakMemoryMiB: 300,
      },
    ],
  },
  weights: { direct: weights(0.5), diffusion: weights(0.25) },
  card: '# Example\n',
  licence: 'Attribution-ShareAlike 4.0 International\n',
} as const satisfies ModelContents;
