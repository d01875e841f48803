import { allFinite } from '../../../ml/check/allFinite.ts';
import { Problem } from '../../../ml/check/problem.ts';
import { preparedGrid, preprocessImage, type Preparation } from '../../../ml/data/preprocess.ts';
import { noiseSchedules } from '../../../ml/diffusion/schedules/noiseSchedules.ts';
import { respace } from '../../../ml/diffusion/schedules/respace.ts';
import { truncate } from '../../../ml/diffusion/schedules/truncate.ts';
import { sizeOf } from '../../../ml/graph/shape.ts';
import { countPasses, predictSamples, type Prediction } from '../../../ml/inference/predictSamples.ts';
import { openPatchNetwork, type PatchNetwork } from '../../../ml/inference/patchNetwork.ts';
import { SampleAccumulator, type SampleSpread } from '../../../ml/uncertainty/sampleAccumulator.ts';
import { mostLikelyClass } from '../../../ml/uncertainty/entropy.ts';
import { voxelCount, type Grid } from '../../../ml/volume/grid.ts';
import { resample } from '../../../ml/volume/resample.ts';
import { sameGrid } from '../../../ml/volume/difference.ts';
import { readWeights, type Model } from '../models/folder.ts';
import { fitPatch } from './memory.ts';
import type { Engine } from '../../../ml/engines/engine.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import type { NetworkKind } from '../models/description.ts';
import type { SegmentationSettings } from './settings.ts';

/** What segmenting an image gave; volumes are [k, j, i] on the image's own grid. */
export interface Segmentation extends SampleSpread {
  /** Class indices of the mean probability. */
  readonly classes: Uint8Array;
  /** `classVoxels[class][sample]`. */
  readonly classVoxels: readonly (readonly number[])[];
  /** Class indices of each sample, where they were asked for. */
  readonly samples: readonly Uint8Array[];
  readonly networkPasses: number;
  readonly patch: readonly number[];
  readonly seconds: { readonly preprocess: number; readonly network: number; readonly postprocess: number };
  readonly warnings: readonly string[];
}

export interface SegmentOptions {
  readonly allowedMiB: number;
  readonly keepSamples: boolean;
  /** Called after every network pass; what it throws ends the work. */
  readonly onPass: (done: number, total: number) => void;
}

/** A model on an engine, ready for many images; networks are compiled at the first image and kept. */
export class Segmenter {
  readonly #model: Model;
  readonly #engine: Engine;
  readonly #settings: SegmentationSettings;
  readonly #networks = new Map<string, PatchNetwork>();

  constructor(model: Model, engine: Engine, settings: SegmentationSettings) {
    this.#model = model;
    this.#engine = engine;
    this.#settings = settings;
  }

  /**
   * @param image With as many channels as the model takes, finite.
   * @throws Problem 'memory' where it does not fit, 'model' where the network gives no numbers.
   */
  async segment(image: Volume, { allowedMiB, keepSamples, onPass }: SegmentOptions): Promise<Segmentation> {
    const watch = new StopWatch();
    const prepared = watch.time('preprocess', () => preprocessImage(image, this.#preparation()));
    const { patch, warnings } = this.#fit(image.grid, prepared.grid, allowedMiB);
    const prediction = await this.#prediction(patch);
    const shape = prepared.grid.shape.toReversed();
    const total = countPasses(prediction, shape);
    let passes = 0;
    const pass = (): void => {
      onPass(++passes, total);
    };
    const classes = this.#model.description.labels.length;
    const accumulator = new SampleAccumulator(classes, voxelCount(image.grid));
    const samples: Uint8Array[] = [];
    watch.start('network');
    for await (const drawn of predictSamples({ data: prepared.data, shape }, prediction, pass)) {
      watch.start('postprocess');
      this.#refuseNonsense(drawn);
      const probability = onGrid({ grid: prepared.grid, channels: classes, data: drawn }, image.grid);
      accumulator.add(probability);
      if (keepSamples) samples.push(mostLikelyClass(probability, classes));
      watch.start('network');
    }
    watch.start('postprocess');
    const spread = accumulator.spread();
    return {
      ...spread,
      classes: mostLikelyClass(spread.probability, classes),
      classVoxels: accumulator.classVoxels,
      samples,
      networkPasses: passes,
      patch,
      seconds: watch.stop(),
      warnings,
    };
  }

  /**
   * The network passes that an image on this grid takes.
   *
   * @throws Problem 'memory' where it does not fit.
   */
  async countPasses(grid: Grid, allowedMiB: number): Promise<number> {
    const prepared = preparedGrid(grid, this.#preparation());
    const { patch } = this.#fit(grid, prepared, allowedMiB);
    return countPasses(await this.#prediction(patch), prepared.shape.toReversed());
  }

  async dispose(): Promise<void> {
    for (const network of this.#networks.values()) await network.dispose();
    this.#networks.clear();
  }

  #refuseNonsense(probability: Float32Array): void {
    if (allFinite(probability)) return;
    const what = 'the network answers with values that are no numbers';
    throw new Problem('model', what, this.#model.folder, 'Its weights are broken: get or train the model again.');
  }

  #preparation(): Preparation {
    const { plan } = this.#model.description;
    return { dimensions: plan.patch.length === 3 ? 3 : 2, spacing: plan.spacing, normalisation: plan.normalisation };
  }

  #fit(image: Grid, prepared: Grid, allowedMiB: number): { patch: readonly number[]; warnings: readonly string[] } {
    const { plan, networks, labels, channels } = this.#model.description;
    const largest = networks.diffusion?.network ?? networks.direct?.network;
    if (!largest) throw new Problem('model', 'the model has no network', this.#model.folder, 'Get the model again.');
    const size = {
      imageVoxels: voxelCount(image),
      networkVoxels: voxelCount(prepared),
      channels: channels.length,
      classes: labels.length,
    };
    const { patch, neededMiB } = fitPatch(size, largest, plan.patch, allowedMiB);
    if (sizeOf(patch) === sizeOf(plan.patch)) return { patch, warnings: [] };
    const warning = `Windows of ${patch.join(' x ')} voxels instead of ${plan.patch.join(' x ')} are used, to stay within the memory that is free (${neededMiB} MiB needed now).`;
    return { patch, warnings: [warning] };
  }

  async #prediction(patch: readonly number[]): Promise<Prediction> {
    const { method, samples, steps, start, sampler, seed } = this.#settings;
    if (method === 'direct') return { method, direct: await this.#network('direct', patch) };
    const { diffusion } = this.#model.description.networks;
    if (!diffusion)
      throw new Problem('model', 'the model has no diffusion network', this.#model.folder, 'Use --method direct.');
    const schedule = noiseSchedules[diffusion.schedule](diffusion.timesteps);
    const settings = {
      network: await this.#network('diffusion', patch),
      numSteps: schedule.numSteps,
      schedule: truncate(respace(schedule, steps), start),
      sampler,
      samples,
      seed,
    };
    if (method === 'diffusion') return { method, diffusion: settings };
    const direct = await this.#network('direct', patch);
    return method === 'pd-ddpm'
      ? { method, prior: { network: direct }, diffusion: settings }
      : { method, direct, diffusion: settings };
  }

  async #network(kind: NetworkKind, patch: readonly number[]): Promise<PatchNetwork> {
    const key = `${kind} ${patch.join('x')}`;
    const known = this.#networks.get(key);
    if (known) return known;
    const entry = this.#model.description.networks[kind];
    const weights = await readWeights(this.#model, kind);
    if (!entry)
      throw new Problem('model', `the model has no ${kind} network`, this.#model.folder, 'Choose another method.');
    const values = Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
    const network = await openPatchNetwork(this.#engine, entry.network, patch, values);
    this.#networks.set(key, network);
    return network;
  }
}

/** Class probabilities on the image's grid. */
function onGrid(probability: Volume<Float32Array>, target: Grid): Float32Array {
  if (sameGrid(probability.grid, target)) return probability.data;
  return resample(probability, target, 'linear').data;
}

type Phase = 'preprocess' | 'network' | 'postprocess';

class StopWatch {
  readonly #seconds: Record<Phase, number> = { preprocess: 0, network: 0, postprocess: 0 };
  #phase: Phase | undefined;
  #since = 0;

  start(phase: Phase): void {
    const now = performance.now();
    if (this.#phase) this.#seconds[this.#phase] += (now - this.#since) / 1000;
    this.#phase = phase;
    this.#since = now;
  }

  time<T>(phase: Phase, work: () => T): T {
    this.start(phase);
    return work();
  }

  stop(): Readonly<Record<Phase, number>> {
    this.start('postprocess');
    return this.#seconds;
  }
}
