import { join } from 'node:path';
import { exportOnnx } from '../../../ml/engines/onnxruntime/export.ts';
import { networkGraph } from '../../../ml/inference/networkGraph.ts';
import { checkWeights } from '../../../ml/inference/patchNetwork.ts';
import { writeFileAtomically } from '../../files/atomic.ts';
import { readWeights, type Model } from './folder.ts';

/**
 * Writes each network of a model as `NAME-KIND.onnx` in standard operators, for one patch of the model's size. Inputs and outputs are
 * those of `networkGraph`; what an image must go through first stands in the file's metadata.
 *
 * @returns The paths written.
 */
export async function exportModel(
  model: Model,
  folder: string,
  existing: 'refuse' | 'replace',
): Promise<readonly string[]> {
  const { name, version, licence, plan, labels, networks } = model.description;
  const paths: string[] = [];
  for (const kind of ['direct', 'diffusion'] as const) {
    const entry = networks[kind];
    if (!entry) continue;
    const { graph, parameters } = networkGraph(entry.network, 1, plan.patch);
    const stored = await readWeights(model, kind);
    const weights = Object.fromEntries([...stored].map(([key, { data }]) => [key, data]));
    checkWeights(parameters, weights);
    const bytes = exportOnnx(graph, weights, {
      name: `${name} ${version}, ${kind}`,
      licence,
      axes: 'channels, then voxels along patient superior, posterior, left',
      spacing: `${plan.spacing.join(' ')} ${plan.unit} along left, posterior, superior`,
      normalisation: JSON.stringify(plan.normalisation),
      labels: labels.map(({ value, name: label }) => `${value} ${label}`).join(', '),
    });
    const path = join(folder, `${name}-${kind}.onnx`);
    await writeFileAtomically(path, bytes, { existing });
    paths.push(path);
  }
  return paths;
}
