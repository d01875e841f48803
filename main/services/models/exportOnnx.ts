import { join } from 'node:path';
import { exportOnnx } from '../../../ml/engines/onnxruntime/export.ts';
import { networkGraph } from '../../../ml/inference/networkGraph.ts';
import { checkWeights } from '../../../ml/inference/patchNetwork.ts';
import { writeFileAtomically } from '../../files/atomic.ts';
import { readForeign, readWeights, type Model } from './folder.ts';
import type { ModelDescription, NetworkKind } from './description.ts';

/**
 * Writes each network of a model as `NAME-KIND.onnx` in standard operators, for one patch of the model's size. Inputs and outputs are
 * those of `networkGraph`; what an image must go through first stands in the file's metadata. A network that was imported is written as
 * it came.
 *
 * @returns The paths written.
 */
export async function exportModel(
  model: Model,
  folder: string,
  existing: 'refuse' | 'replace',
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const kind of ['direct', 'diffusion'] as const) {
    if (!model.description.networks[kind]) continue;
    const path = join(folder, `${model.description.name}-${kind}.onnx`);
    await writeFileAtomically(path, await onnxOf(model, kind), { existing });
    paths.push(path);
  }
  return paths;
}

async function onnxOf(model: Model, kind: NetworkKind): Promise<Uint8Array> {
  const { networks, plan } = model.description;
  const network = networks[kind]?.network;
  if (network?.kind !== 'unet') return readForeign(model, kind);
  const prediction = kind === 'diffusion' ? networks.diffusion?.prediction : undefined;
  const { graph, parameters } = networkGraph(network, 1, plan.patch, prediction);
  const stored = await readWeights(model, kind);
  const weights = Object.fromEntries([...stored].map(([key, { data }]) => [key, data]));
  checkWeights(parameters, weights);
  return exportOnnx(graph, weights, metadataOf(model.description, kind));
}

function metadataOf({ name, version, licence, plan, labels }: ModelDescription, kind: NetworkKind) {
  return {
    name: `${name} ${version}, ${kind}`,
    licence,
    axes: 'channels, then voxels along patient superior, posterior, left',
    spacing: `${plan.spacing.join(' ')} ${plan.unit} along left, posterior, superior`,
    normalisation: JSON.stringify(plan.normalisation),
    labels: labels.map(({ value, name: label }) => `${value} ${label}`).join(', '),
  };
}
