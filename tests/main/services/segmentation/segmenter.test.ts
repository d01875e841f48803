import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../../../main/services/models/folder.ts';
import { resolveMembers, type Members } from '../../../../main/services/segmentation/members.ts';
import { Segmenter, type Segmentation } from '../../../../main/services/segmentation/segmenter.ts';
import type { Engine } from '../../../../ml/engines/engine.ts';
import { openOnnxRuntime } from '../../../../ml/engines/onnxruntime/engine.ts';
import { stream } from '../../../../ml/random/stream.ts';
import type { Volume } from '../../../../ml/volume/volume.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { loudWeights, writeTinyModel, type TinyModel } from './tinyModel.ts';

/** Noise of 20 x 22 x 24 voxels of 2 mm: several windows of the tiny model. */
function noise(): Volume<Float32Array> {
  const rng = stream(0, 'test');
  return {
    grid: {
      shape: [20, 22, 24],
      spacing: [2, 2, 2],
      unit: 'mm',
      origin: [0, 0, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    },
    channels: 1,
    data: Float32Array.from({ length: 20 * 22 * 24 }, () => rng.normal()),
  };
}

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxRuntime({ device: 'cpu', threads: 2 });
});

const fold = (seed: number, rest: TinyModel = {}): Promise<Model> =>
  writeTinyModel(join(temporaryFolder(), 'model'), { ...rest, weights: (network) => loudWeights(network, seed) });

async function segment(members: Members, keepTrajectory = false): Promise<Segmentation> {
  const segmenter = new Segmenter(members, engine);
  const told: number[] = [];
  const onPass = (done: number, total: number): number => told.push(done / total);
  const found = await segmenter.segment(noise(), { allowedMiB: 4096, keepSamples: true, keepTrajectory, onPass });
  expect(told).toHaveLength(await segmenter.countPasses(noise().grid, 4096));
  expect([told.length, told.at(-1)]).toEqual([found.networkPasses, 1]);
  await segmenter.dispose();
  return found;
}

describe('an ensemble of several models', () => {
  it('is the mean of their samples, which stay what each alone draws', async () => {
    const folds = [await fold(1), await fold(2)] as const;
    const asked = { method: 'diffusion', samples: 2, steps: 2 } as const;
    const [together, first, second] = [
      await segment(resolveMembers(folds, asked)),
      await segment(resolveMembers([folds[0]], asked)),
      await segment(resolveMembers([folds[1]], asked)),
    ];
    expect(together.samples).toEqual([...first.samples, ...second.samples]);
    expect(together.networkPasses).toBe(first.networkPasses + second.networkPasses);
    const furthest = together.probability.reduce((most, value, at) => {
      const mean = (first.probability[at]! + second.probability[at]!) / 2;
      return Math.max(most, Math.abs(value - mean));
    }, 0);
    expect(furthest).toBeLessThan(1e-6);
  });

  it('disagrees with itself where direct networks do', async () => {
    const folds = [await fold(1), await fold(2)] as const;
    const { samples, mutualInformation } = await segment(resolveMembers(folds, { method: 'direct' }));
    expect(samples).toHaveLength(2);
    expect(Math.max(...mutualInformation)).toBeGreaterThan(0.01);
  });

  it('is refused where one sees or segments something else, or lacks a network', async () => {
    const one = await fold(1);
    const others = await fold(2, { channels: ['T1', 'T2'] });
    expect(() => resolveMembers([one, others], {})).toThrow(/takes the sequences T1, T2, and tiny T1/);
    const { description } = one;
    const labels = description.labels.map((label) => ({ ...label, value: 7 * label.value }));
    const relabelled = { ...one, description: { ...description, labels } };
    expect(() => resolveMembers([one, relabelled], {})).toThrow(/other structures than tiny \(--model\)/);
    const direct = await fold(2, { kinds: ['direct'] });
    expect(() => resolveMembers([one, direct], {})).toThrow(/diffusion needs a diffusion network/);
  });
});

it('keeps what the first sample believed at each step, on the grid of the image', async () => {
  const members = resolveMembers([await fold(1)], { method: 'diffusion', samples: 2, steps: 3 });
  const { trajectory, samples } = await segment(members, true);
  expect(trajectory).toHaveLength(3);
  expect(trajectory.at(-1)).toEqual(samples[0]);
  expect(trajectory[0]).not.toEqual(samples[0]);
  const unheard = await segment(members);
  expect(unheard.trajectory).toEqual([]);
  expect(unheard.samples).toEqual(samples);
});
