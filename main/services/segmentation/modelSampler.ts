import { allFinite } from '../../../ml/check/allFinite.ts';
import { Problem } from '../../../ml/check/problem.ts';
import { preparedGrid, preprocessImage, type Preparation } from '../../../ml/data/preprocess.ts';
import { noiseSchedules } from '../../../ml/diffusion/schedules/noiseSchedules.ts';
import { respace } from '../../../ml/diffusion/schedules/respace.ts';
import { truncate } from '../../../ml/diffusion/schedules/truncate.ts';
import { sizeOf } from '../../../ml/graph/shape.ts';
import type { PatchNetwork } from '../../../ml/inference/patchNetwork.ts';
import { perturbGrid } from '../../../ml/inference/perturbGrid.ts';
import { countPasses, predictSamples, type Prediction } from '../../../ml/inference/predictSamples.ts';
import { stream } from '../../../ml/random/stream.ts';
import { sameGrid } from '../../../ml/volume/difference.ts';
import { voxelCount, type Grid } from '../../../ml/volume/grid.ts';
import { resample } from '../../../ml/volume/resample.ts';
import { openNetwork } from '../models/openNetwork.ts';
import { fitPatch } from './memory.ts';
import type { Engine } from '../../../ml/engines/engine.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import type { NetworkKind } from '../models/description.ts';
import type { Model } from '../models/folder.ts';
import type { Member } from './members.ts';
import type { SegmentationSettings } from './settings.ts';

/** An image made ready for a model. */
export interface Prepared {
  /** As the network sees it. */
  readonly volume: Volume<Float32Array>;
  /** The image's own grid. */
  readonly grid: Grid;
  readonly patch: readonly number[];
  readonly warnings: readonly string[];
}

export interface DrawOptions {
  /** Class probabilities [classes, k, j, i] on the image's grid that `pd-ddpm` starts from; its own segmentor's where left out. */
  readonly prior?: Volume<Float32Array> | undefined;
  /** Called after every network pass; what it throws ends the work. */
  readonly onPass: () => void;
  /** Told what the first sample's chain believes at each step, on the image's grid: Float32Array [classes, k, j, i]. */
  readonly onStep?: ((probability: Float32Array) => void) | undefined;
}

/** A model on an engine, ready for many images; networks are compiled at the first image and kept. */
export class ModelSampler {
  readonly model: Model;
  readonly #engine: Engine;
  readonly #settings: SegmentationSettings;
  readonly #networks = new Map<string, PatchNetwork>();

  constructor({ model, settings }: Member, engine: Engine) {
    this.model = model;
    this.#engine = engine;
    this.#settings = settings;
  }

  /**
   * @param image     With as many channels as the model takes, finite.
   * @param keepsSteps Whether every step of the first sample will be kept.
   * @throws Problem 'memory' where it does not fit.
   */
  prepare(image: Volume, allowedMiB: number, keepsSteps: boolean): Prepared {
    const volume = preprocessImage(image, this.#preparation());
    return { volume, grid: image.grid, ...this.#fit(image.grid, volume.grid, allowedMiB, keepsSteps) };
  }

  /**
   * The network passes that an image on this grid takes.
   *
   * @throws Problem 'memory' where it does not fit.
   */
  async countPasses(grid: Grid, allowedMiB: number): Promise<number> {
    const prepared = preparedGrid(grid, this.#preparation());
    return this.#passes(prepared, this.#fit(grid, prepared, allowedMiB, false).patch, false);
  }

  /** The same of an image that is prepared already. */
  passesOf({ volume, patch }: Prepared, isPriorGiven: boolean): Promise<number> {
    return this.#passes(volume.grid, patch, isPriorGiven);
  }

  /**
   * The samples of an image: class probabilities [classes, k, j, i] on the image's own grid.
   *
   * @throws Problem 'model' where the network gives no numbers.
   */
  async *draw({ volume, grid, patch }: Prepared, { prior, onPass, onStep }: DrawOptions) {
    const { dimensions } = this.#preparation();
    for (const { first, samples } of this.#views()) {
      const rng = stream(this.#settings.seed, 'view', first);
      const seen = first === 0 ? volume.grid : perturbGrid(volume.grid, dimensions, rng);
      const onImage = (probability: Float32Array): Float32Array => {
        this.#refuseNonsense(probability);
        const answered = onGrid({ grid: seen, channels: this.classes, data: probability }, grid);
        return this.#settings.augment ? withBackground(answered, this.classes) : answered;
      };
      const tellStep = (belief: Float32Array): void => onStep?.(onImage(belief));
      const trace = onStep && first === 0 ? { onStep: tellStep } : {};
      const prediction = await this.#prediction(patch, { first, samples, ...trace }, prior && onGrid(prior, seen));
      const image = { data: onGrid(volume, seen), shape: seen.shape.toReversed() };
      for await (const drawn of predictSamples(image, prediction, onPass)) yield onImage(drawn);
    }
  }

  get classes(): number {
    return this.model.description.labels.length;
  }

  async dispose(): Promise<void> {
    for (const network of this.#networks.values()) await network.dispose();
    this.#networks.clear();
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

  #refuseNonsense(probability: Float32Array): void {
    if (allFinite(probability)) return;
    const what = 'the network answers with values that are no numbers';
    throw new Problem('model', what, this.model.folder, 'Its weights are broken: get or train the model again.');
  }

  #preparation(): Preparation {
    const { plan } = this.model.description;
    return { dimensions: plan.patch.length === 3 ? 3 : 2, spacing: plan.spacing, normalisation: plan.normalisation };
  }

  #fit(image: Grid, prepared: Grid, allowedMiB: number, keepsSteps: boolean): Pick<Prepared, 'patch' | 'warnings'> {
    const { plan, networks, labels, channels } = this.model.description;
    const largest = networks.diffusion?.network ?? networks.direct?.network;
    if (!largest) throw new Problem('model', 'the model has no network', this.model.folder, 'Get the model again.');
    const size = {
      imageVoxels: voxelCount(image),
      networkVoxels: voxelCount(prepared),
      channels: channels.length,
      classes: labels.length,
      keptSteps: keepsSteps ? this.#settings.steps : 0,
    };
    const { patch, neededMiB } = fitPatch(size, largest, plan.patch, allowedMiB);
    if (sizeOf(patch) === sizeOf(plan.patch)) return { patch, warnings: [] };
    const warning = `Windows of ${patch.join(' x ')} voxels instead of ${plan.patch.join(' x ')} are used, to stay within the memory that is free (${neededMiB} MiB needed now).`;
    return { patch, warnings: [warning] };
  }

  async #prediction(patch: readonly number[], draws: Draws, prior?: Float32Array): Promise<Prediction> {
    const { method, steps, start, sampler, seed } = this.#settings;
    if (method === 'direct') return { method, direct: await this.#network('direct', patch) };
    const { diffusion } = this.model.description.networks;
    if (!diffusion)
      throw new Problem('model', 'the model has no diffusion network', this.model.folder, 'Use --method direct.');
    const schedule = noiseSchedules[diffusion.schedule](diffusion.timesteps);
    const settings = {
      network: await this.#network('diffusion', patch),
      trained: schedule,
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
    const network = await openNetwork(this.model, kind, this.#engine, patch);
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

/** Some of the samples, by their numbers, and who is told of the steps of the first. */
interface Draws {
  readonly first: number;
  readonly samples: number;
  readonly onStep?: (probability: Float32Array) => void;
}

function onGrid(volume: Volume<Float32Array>, target: Grid): Float32Array {
  if (sameGrid(volume.grid, target)) return volume.data;
  return resample(volume, target, 'linear').data;
}
