import { networkGraph } from '../../../../ml/inference/networkGraph.ts';
import { initialise } from '../../../../ml/nn/parameters.ts';
import { writeModel, type ModelContents } from '../../../../main/services/models/write.ts';
import { exampleModel } from '../models/exampleModel.ts';
import type { Model } from '../../../../main/services/models/folder.ts';
import type { StoredTensor } from '../../../../main/services/models/safetensors.ts';
import type { UNetConfig } from '../../../../ml/nn/unetConfig.ts';

const networkOf = (imageChannels: number, maskChannels: number): UNetConfig => ({
  kind: 'unet',
  dimensions: 3,
  imageChannels,
  maskChannels,
  classes: 3,
  membership: 'exclusive',
  channels: [4, 8],
  blocks: 1,
  norm: 'instance',
  activation: 'gelu',
  attentionHeads: 1,
});

/** First values, with a head loud enough that every class wins somewhere. */
export function loudWeights(network: UNetConfig, seed = 0): ReadonlyMap<string, StoredTensor> {
  const { parameters } = networkGraph(network, 1, [16, 16, 16]);
  const values = initialise(parameters, seed);
  return new Map(
    parameters.map(({ name, shape }) => {
      const data = name === 'head.weight' ? values[name]!.map((weight) => 20 * weight) : values[name]!;
      return [name, { type: 'F32', shape, data }];
    }),
  );
}

export interface TinyModel {
  /** Default: one channel, T1. */
  readonly channels?: readonly string[];
  readonly kinds?: readonly ('direct' | 'diffusion')[];
  /** A side of the patch; default 16. */
  readonly side?: number;
  readonly weights?: (network: UNetConfig) => ReadonlyMap<string, StoredTensor>;
}

/** A model that runs, with label values 0, 1 and 300: untrained, quick, and never undecided. */
export async function writeTinyModel(
  folder: string,
  { channels = ['T1'], kinds = ['direct', 'diffusion'], side = 16, weights = loudWeights }: TinyModel = {},
): Promise<Model> {
  const [direct, diffusion] = [networkOf(channels.length, 0), networkOf(channels.length, 3)];
  const { description } = exampleModel;
  const has = (kind: 'direct' | 'diffusion') => kinds.includes(kind);
  const labels = description.labels.map((label) => ({ ...label, value: label.value === 2 ? 300 : label.value }));
  const contents: ModelContents = {
    ...exampleModel,
    description: {
      ...description,
      name: 'tiny',
      channels: channels.map((name) => ({ name })),
      labels,
      plan: {
        spacing: [2, 2, 2],
        unit: 'mm',
        patch: [side, side, side],
        context: 0,
        normalisation: channels.map(() => ({ kind: 'zscore', over: 'image' })),
      },
      networks: {
        ...(has('direct') ? { direct: { file: 'direct.safetensors', network: direct } } : {}),
        ...(has('diffusion')
          ? { diffusion: { ...description.networks.diffusion, file: 'diffusion.safetensors', network: diffusion } }
          : {}),
      },
      recommended: has('diffusion')
        ? { method: 'diffusion', samples: 2, steps: 2, sampler: 'ddim', start: 1 }
        : { method: 'direct', samples: 1, steps: 1, sampler: 'ddim', start: 1 },
      training: { ...description.training, caseHashes: [...description.training.caseHashes], runs: [], scores: [] },
      measured: [],
    },
    weights: {
      ...(has('direct') ? { direct: weights(direct) } : {}),
      ...(has('diffusion') ? { diffusion: weights(diffusion) } : {}),
    },
  };
  return writeModel(folder, contents);
}
