import { Problem } from '../../../ml/check/problem.ts';
import type { Engine } from '../../../ml/engines/engine.ts';
import { openForeignNetwork } from '../../../ml/inference/foreignNetwork.ts';
import { openPatchNetwork, type PatchNetwork } from '../../../ml/inference/patchNetwork.ts';
import type { NetworkKind } from './description.ts';
import { readForeign, readWeights, type Model } from './folder.ts';

/**
 * Makes a network of a model ready for patches of one size, whoever made it.
 *
 * @throws Problem 'model' where the model has none of the kind, or its file is broken.
 */
export async function openNetwork(
  model: Model,
  kind: NetworkKind,
  engine: Engine,
  patch: readonly number[],
): Promise<PatchNetwork> {
  const { networks } = model.description;
  const network = networks[kind]?.network;
  if (!network) throw new Problem('model', `the model has no ${kind} network`, model.folder, 'Choose another method.');
  if (network.kind === 'onnx') return openForeignNetwork(engine, network, patch, await readForeign(model, kind));
  const weights = await readWeights(model, kind);
  const values = Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
  const prediction = kind === 'diffusion' ? networks.diffusion?.prediction : undefined;
  return openPatchNetwork(engine, network, patch, values, prediction);
}
