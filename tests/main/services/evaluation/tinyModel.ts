import { join } from 'node:path';
import { caseHash } from '../../../../main/services/models/caseHash.ts';
import { writeModel } from '../../../../main/services/models/write.ts';
import { networkGraph } from '../../../../ml/inference/networkGraph.ts';
import { initialise } from '../../../../ml/nn/parameters.ts';
import type { UNetConfig } from '../../../../ml/nn/unetConfig.ts';
import type { ModelDescription } from '../../../../main/services/models/description.ts';
import type { Model } from '../../../../main/services/models/folder.ts';
import type { StoredTensor } from '../../../../main/services/models/safetensors.ts';
import { hippocampus } from '../../datasets/folders.ts';
import { exampleModel } from '../models/exampleModel.ts';

/** One window holds a hippocampus. */
const patch: [number, number, number] = [48, 64, 48];

const network = (classes: number, maskChannels: number): UNetConfig => ({
  kind: 'unet',
  dimensions: 3,
  imageChannels: 1,
  maskChannels,
  classes,
  membership: 'exclusive',
  channels: [4, 8],
  blocks: 1,
  norm: 'instance',
  activation: 'gelu',
  attentionHeads: 0,
});

function weightsOf(config: UNetConfig, seed: number): ReadonlyMap<string, StoredTensor> {
  const { parameters } = networkGraph(config, 1, patch);
  const values = initialise(parameters, seed);
  return new Map(parameters.map(({ name, shape }) => [name, { type: 'F32', shape, data: values[name]! }]));
}

export interface TinyModel {
  readonly seed?: number;
  readonly labels?: readonly Pick<ModelDescription['labels'][number], 'value' | 'name'>[];
  /** Names of images that it says it was trained on. */
  readonly seen?: readonly string[];
}

export const imageOf = (name: string): string => join(hippocampus, 'imagesTr', `${name}.nii.gz`);
export const labelOf = (name: string): string => join(hippocampus, 'labelsTr', `${name}.nii.gz`);

/** A model folder with a small untrained network of each kind: its masks are noise, but always the same. */
export async function writeTinyModel(
  folder: string,
  { seed = 1, labels, seen = ['hippocampus_006'] }: TinyModel = {},
): Promise<Model> {
  const { description } = exampleModel;
  const all = (labels ?? description.labels).map(({ value, name }) => ({ value, name, colour: '#112233', code: null }));
  const direct = network(all.length, 0);
  const diffusion = network(all.length, all.length);
  const salt = 'salt';
  const caseHashes = await Promise.all(seen.map((name) => caseHash(salt, [imageOf(name)])));
  return writeModel(folder, {
    ...exampleModel,
    description: {
      ...description,
      channels: [...description.channels],
      labels: all,
      plan: {
        ...description.plan,
        spacing: [1, 1, 1],
        patch,
        normalisation: [{ kind: 'zscore', over: 'image' }],
      },
      networks: {
        direct: { file: 'direct.safetensors', network: direct },
        diffusion: { ...description.networks.diffusion, network: diffusion },
      },
      recommended: { method: 'direct', samples: 1, steps: 2, sampler: 'ddim', start: 1 },
      training: { ...description.training, salt, caseHashes, runs: [], scores: [] },
      measured: [],
    },
    weights: { direct: weightsOf(direct, seed), diffusion: weightsOf(diffusion, seed + 100) },
  });
}
