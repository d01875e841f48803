import { allFinite } from '../../../ml/check/allFinite.ts';
import { Problem } from '../../../ml/check/problem.ts';
import { preparedGrid, preprocessImage, type Preparation } from '../../../ml/data/preprocess.ts';
import { noiseSchedules } from '../../../ml/diffusion/schedules/noiseSchedules.ts';
import { respace } from '../../../ml/diffusion/schedules/respace.ts';
import { truncate } from '../../../ml/diffusion/schedules/truncate.ts';
import { sizeOf } from '../../../ml/graph/shape.ts';
import { countPasses, predictSamples, type Prediction } from '../../../ml/inference/predictSamples.ts';
import { openPatchNetwork, type PatchNetwork } from '../../../ml/inference/patchNetwork.ts';
import { fusions } from '../../../ml/inference/fusion/fusions.ts';
import { perturbGrid } from '../../../ml/inference/perturbGrid.ts';
import { stream } from '../../../ml/random/stream.ts';
import { SampleAccumulator, type SampleSpread } from '../../../ml/uncertainty/sampleAccumulator.ts';
import { mostLikelyClass, predictiveEntropy } from '../../../ml/uncertainty/entropy.ts';
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
  readonly onSample?: OnSample | undefined;
  /** Class probabilities [classes, k, j, i] on the image's grid that `pd-ddpm` starts from; its own segmentor's where left out. */
  readonly prior?: Volume<Float32Array> | undefined;
}

/**
 * Told after every sample what the samples so far say together.
 *
 * @param classes Class indices of their mean, Uint8Array [k, j, i] on the image's grid.
 * @param entropy Of their mean, bits, likewise.
 */
export type OnSample = (samples: number, classes: Uint8Array, entropy: Float32Array) => void;

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
  async segment(image: Volume, options: SegmentOptions): Promise<Segmentation> {
    const { allowedMiB, keepSamples, onPass, onSample, prior } = options;
    const watch = new StopWatch();
    const prepared = watch.time('preprocess', () => preprocessImage(image, this.#preparation()));
    const { patch, warnings } = this.#fit(image.grid, prepared.grid, allowedMiB);
    const total = await this.#passes(prepared.grid, patch, prior !== undefined);
    let passes = 0;
    const pass = (): void => {
      onPass(++passes, total);
    };
    const classes = this.#classes;
    const { fusion } = this.#settings;
    const accumulator = new SampleAccumulator(classes, voxelCount(image.grid));
    const samples: Uint8Array[] = [];
    watch.start('network');
    for await (const drawn of this.#draw(prepared, patch, prior, pass)) {
      watch.start('postprocess');
      this.#refuseNonsense(drawn.data);
      const answered = onGrid(drawn, image.grid);
      const probability = this.#settings.augment ? withBackground(answered, classes) : answered;
      accumulator.add(probability);
      if (keepSamples || fusion !== 'mean') samples.push(mostLikelyClass(probability, classes));
      if (onSample) tell(onSample, accumulator, classes);
      watch.start('network');
    }
    watch.start('postprocess');
    const spread = accumulator.spread();
    return {
      ...spread,
      classes: fusions[fusion](samples, spread.probability, classes),
      classVoxels: accumulator.classVoxels,
      samples: keepSamples ? samples : [],
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
    return this.#passes(prepared, patch, false);
  }

  /** The samples of a prepared image: class probabilities, each on the grid that it saw the image on. */
  async *#draw(
    prepared: Volume<Float32Array>,
    patch: readonly number[],
    prior: Volume<Float32Array> | undefined,
    onPass: () => void,
  ): AsyncGenerator<Volume<Float32Array>, void> {
    const { dimensions } = this.#preparation();
    for (const { first, samples } of this.#views()) {
      const rng = stream(this.#settings.seed, 'view', first);
      const grid = first === 0 ? prepared.grid : perturbGrid(prepared.grid, dimensions, rng);
      const data = onGrid(prepared, grid);
      const prediction = await this.#prediction(patch, { first, samples }, prior && onGrid(prior, grid));
      for await (const drawn of predictSamples({ data, shape: grid.shape.toReversed() }, prediction, onPass))
        yield { grid, channels: this.#classes, data: drawn };
    }
  }

  /** Which samples see the image in the same way: all of them, or each for itself. */
  #views(): readonly Draws[] {
    const { augment, samples } = this.#settings;
    return augment ? Array.from({ length: samples }, (_, first) => ({ first, samples: 1 })) : [{ first: 0, samples }];
  }

  async #passes(prepared: Grid, patch: readonly number[], isPriorGiven: boolean): Promise<number> {
    const [view, ...others] = this.#views();
    // What the prior says does not change the number of passes, only that there is one.
    const prior = isPriorGiven ? new Float32Array() : undefined;
    const shape = prepared.shape.toReversed();
    return (1 + others.length) * countPasses(await this.#prediction(patch, view!, prior), shape);
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

  get #classes(): number {
    return this.#model.description.labels.length;
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

  async #prediction(patch: readonly number[], draws: Draws, prior?: Float32Array): Promise<Prediction> {
    const { method, steps, start, sampler, seed } = this.#settings;
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
      ...draws,
      seed,
    };
    if (method === 'diffusion') return { method, diffusion: settings };
    if (method === 'pd-ddpm' && prior) return { method, prior: { probability: prior }, diffusion: settings };
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

/** Where a turned view does not reach the image's corners, it has said nothing: that is background. Changes `probability`. */
function withBackground(probability: Float32Array, classes: number): Float32Array {
  const voxels = probability.length / classes;
  for (let v = 0; v < voxels; v++) {
    let total = 0;
    for (let c = 0; c < classes; c++) total += probability[c * voxels + v]!;
    if (total < 1) probability[v]! += 1 - total;
  }
  return probability;
}

function tell(onSample: OnSample, { samples, mean }: SampleAccumulator, classes: number): void {
  onSample(samples, mostLikelyClass(mean, classes), predictiveEntropy(mean, classes));
}

/** Some of the samples, by their numbers. */
interface Draws {
  readonly first: number;
  readonly samples: number;
}

function onGrid(volume: Volume<Float32Array>, target: Grid): Float32Array {
  if (sameGrid(volume.grid, target)) return volume.data;
  return resample(volume, target, 'linear').data;
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
