import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { invariant } from '../../../ml/check/invariant.ts';
import { preprocessImage } from '../../../ml/data/preprocess.ts';
import { noiseSchedules } from '../../../ml/diffusion/schedules/noiseSchedules.ts';
import { respace } from '../../../ml/diffusion/schedules/respace.ts';
import { truncate } from '../../../ml/diffusion/schedules/truncate.ts';
import { sampleStreams } from '../../../ml/diffusion/samplers/sampleNoise.ts';
import { startFromNoise } from '../../../ml/diffusion/samplers/start.ts';
import { openOnnxRuntime } from '../../../ml/engines/onnxruntime/engine.ts';
import { sizeOf } from '../../../ml/graph/shape.ts';
import { predictSamples, type Prediction } from '../../../ml/inference/predictSamples.ts';
import { readWindow } from '../../../ml/inference/windows.ts';
import { mostLikelyClass } from '../../../ml/uncertainty/entropy.ts';
import { readImage } from '../../../main/imaging/image.ts';
import { openModel } from '../../../main/services/models/folder.ts';
import { openNetwork } from '../../../main/services/models/openNetwork.ts';

const resources = resolve(import.meta.dirname, '../../../resources');

export const shippedModel = join(resources, 'models/hippocampus');

/** The shipped diffusion network on one window of the shipped sample, two threads. */
export async function openShippedDiffusion() {
  const model = await openModel(shippedModel);
  const { plan, networks, labels } = model.description;
  const { diffusion } = networks;
  invariant(diffusion && networks.direct, 'the shipped model has both networks');
  const engine = await openOnnxRuntime({ device: 'cpu', threads: Math.min(2, availableParallelism()) });
  const [direct, network] = [
    await openNetwork(model, 'direct', engine, plan.patch),
    await openNetwork(model, 'diffusion', engine, plan.patch),
  ];
  const trained = noiseSchedules[diffusion.schedule](diffusion.timesteps);
  const sample = await readImage(join(resources, 'samples/hippocampus/hippocampus.nii.gz'));
  const { spacing, normalisation } = plan;
  const prepared = preprocessImage(sample.volume, { dimensions: 3, spacing, normalisation });
  const data = readWindow(prepared.data, prepared.grid.shape.toReversed(), plan.patch, [0, 0, 0]);
  const image = { data, shape: plan.patch };
  const size = labels.length * sizeOf(plan.patch);

  async function draw(prediction: Prediction): Promise<Float32Array> {
    for await (const probability of predictSamples(image, prediction, () => undefined)) return probability;
    throw new Error('no sample was drawn');
  }
  async function milliseconds(prediction: Prediction): Promise<number> {
    const start = performance.now();
    await draw(prediction);
    return performance.now() - start;
  }
  const chain = (steps: number, start: number) => ({
    network,
    trained,
    schedule: truncate(respace(trained, steps), start),
    sampler: 'ddim' as const,
    samples: 1,
    seed: 0,
  });
  return {
    image: data,
    /** What the chain of every sample here starts from, [classes, ...patch]. */
    noise: () => startFromNoise(size, sampleStreams(0, 0, 1, 0)),
    /** Class indices of the sample that `sample` draws. */
    mask: async (steps: number) =>
      mostLikelyClass(await draw({ method: 'diffusion', diffusion: chain(steps, 1) }), labels.length),
    /** One pass of the network. */
    pass: async () => {
      const noisy = { mask: new Float32Array(size), time: 0.5 };
      const start = performance.now();
      await network.predict(data, noisy);
      return performance.now() - start;
    },
    /** One sample of `steps` DDIM steps. */
    sample: (steps: number) => milliseconds({ method: 'diffusion', diffusion: chain(steps, 1) }),
    /** The segmentor's pass and the lower part of a chain of `steps`. */
    fromPrior: (steps: number, start: number) =>
      milliseconds({ method: 'pd-ddpm', prior: { network: direct }, diffusion: chain(steps, start) }),
    dispose: async () => {
      await direct.dispose();
      await network.dispose();
    },
  };
}
