import { invariant } from '../../ml/check/invariant.ts';
import { readWeights, type Model } from '../../main/services/models/folder.ts';
import type { StoredTensor } from '../../main/services/models/safetensors.ts';
import type { ModelContents } from '../../main/services/models/write.ts';

/** A direct network and a diffusion network that were trained on the same data by the same plan, as one model. */
export async function joinTwins(
  direct: Model,
  diffusion: Model,
): Promise<Pick<ModelContents, 'description' | 'weights'>> {
  const { description } = direct;
  const networks = { direct: description.networks.direct, diffusion: diffusion.description.networks.diffusion };
  invariant(networks.direct && networks.diffusion, 'each training made its own network');
  return {
    description: {
      ...description,
      networks: {
        direct: { ...networks.direct, file: 'direct.safetensors' },
        diffusion: { ...networks.diffusion, file: 'diffusion.safetensors' },
      },
      recommended: { method: 'ensemble', samples: 8, steps: 5, sampler: 'ddim', start: 1 },
      training: {
        ...description.training,
        runs: [...description.training.runs, ...diffusion.description.training.runs],
      },
    },
    weights: {
      direct: await readWeights(direct, 'direct'),
      diffusion: await readWeights(diffusion, 'diffusion'),
    },
  };
}

/** Half the bytes; what they are rounded by is below what the networks tell apart. */
export const toHalf = (weights: ReadonlyMap<string, StoredTensor>): ReadonlyMap<string, StoredTensor> =>
  new Map([...weights].map(([name, tensor]) => [name, { ...tensor, type: 'F16' }]));
