import { fusions } from '../../../ml/inference/fusion/fusions.ts';
import { SampleAccumulator, type SampleSpread } from '../../../ml/uncertainty/sampleAccumulator.ts';
import { predictiveEntropy } from '../../../ml/uncertainty/entropy.ts';
import { labelMap } from '../../../ml/uncertainty/labelMap.ts';
import { withTemperature } from '../../../ml/uncertainty/temperature.ts';
import { voxelCount, type Grid } from '../../../ml/volume/grid.ts';
import type { Engine } from '../../../ml/engines/engine.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import { membershipOf } from '../models/description.ts';
import type { Membership } from '../../../ml/nn/classProbability.ts';
import type { Members } from './members.ts';
import { ModelSampler, type Prepared } from './modelSampler.ts';
import { StopWatch } from './stopWatch.ts';

/** What segmenting an image gave; volumes are [k, j, i] on the image's own grid. */
export interface Segmentation extends SampleSpread {
  /** Class indices of the mean probability; where classes overlap, the last listed. */
  readonly classes: Uint8Array;
  /** `classVoxels[class][sample]`. */
  readonly classVoxels: readonly (readonly number[])[];
  /** Class indices of each sample, where they were asked for. */
  readonly samples: readonly Uint8Array[];
  /** Class indices of what the first sample's chain believed at each step, the noisiest first, where they were asked for. */
  readonly trajectory: readonly Uint8Array[];
  readonly networkPasses: number;
  readonly patch: readonly number[];
  readonly seconds: { readonly preprocess: number; readonly network: number; readonly postprocess: number };
  readonly warnings: readonly string[];
}

export interface SegmentOptions {
  readonly allowedMiB: number;
  readonly keepSamples: boolean;
  readonly keepTrajectory?: boolean;
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

/** One model or an ensemble of several on an engine, ready for many images. */
export class Segmenter {
  readonly #samplers: readonly ModelSampler[];
  readonly #members: Members;

  constructor(members: Members, engine: Engine) {
    this.#members = members;
    this.#samplers = members.map((member) => new ModelSampler(member, engine));
  }

  /**
   * @param image With as many channels as the models take, finite.
   * @throws Problem 'memory' where it does not fit, 'model' where a network gives no numbers.
   */
  async segment(image: Volume, options: SegmentOptions): Promise<Segmentation> {
    const { allowedMiB, keepSamples, keepTrajectory = false, onSample } = options;
    const watch = new StopWatch();
    const prepared = watch.time('preprocess', () =>
      this.#samplers.map((sampler) => sampler.prepare(image, allowedMiB, keepTrajectory)),
    );
    const { classes } = this.#samplers[0]!;
    const { fusion, temperature } = this.#members[0].settings;
    const membership = membershipOf(this.#members[0].model.description);
    const accumulator = new SampleAccumulator(classes, voxelCount(image.grid), membership);
    const samples: Uint8Array[] = [];
    const trajectory: Uint8Array[] = [];
    const onStep = (belief: Float32Array): void => {
      trajectory.push(labelMap(belief, classes, membership));
    };
    let networkPasses = 0;
    const drawing = this.#draw(prepared, options, () => networkPasses++, onStep);
    watch.start('network');
    for await (const probability of drawing) {
      watch.start('postprocess');
      accumulator.add(probability);
      if (keepSamples || fusion !== 'mean') samples.push(labelMap(probability, classes, membership));
      if (onSample) tell(onSample, accumulator, classes, membership);
      watch.start('network');
    }
    watch.start('postprocess');
    const spread = accumulator.spread();
    return {
      ...atTemperature(spread, classes, temperature),
      classes: fusions[fusion](samples, spread.probability, classes, membership),
      classVoxels: accumulator.classVoxels,
      samples: keepSamples ? samples : [],
      trajectory,
      networkPasses,
      patch: prepared[0]!.patch,
      seconds: watch.stop(),
      warnings: [...new Set(prepared.flatMap(({ warnings }) => warnings))],
    };
  }

  /**
   * The network passes that an image on this grid takes.
   *
   * @throws Problem 'memory' where it does not fit.
   */
  countPasses(grid: Grid, allowedMiB: number): Promise<number> {
    return this.#count((sampler) => sampler.countPasses(grid, allowedMiB));
  }

  async dispose(): Promise<void> {
    for (const sampler of this.#samplers) await sampler.dispose();
  }

  /** The samples of every model, one after the other; the steps are those of the very first. */
  async *#draw(
    prepared: readonly Prepared[],
    { onPass, prior, keepTrajectory }: SegmentOptions,
    count: () => void,
    onStep: (belief: Float32Array) => void,
  ): AsyncGenerator<Float32Array, void> {
    const total = await this.#count((sampler, n) => sampler.passesOf(prepared[n]!, prior !== undefined));
    let done = 0;
    const pass = (): void => {
      count();
      onPass(++done, total);
    };
    for (const [n, sampler] of this.#samplers.entries()) {
      const isTraced = keepTrajectory === true && n === 0;
      yield* sampler.draw(prepared[n]!, { prior, onPass: pass, onStep: isTraced ? onStep : undefined });
    }
  }

  async #count(of: (sampler: ModelSampler, n: number) => Promise<number>): Promise<number> {
    let total = 0;
    for (const [n, sampler] of this.#samplers.entries()) total += await of(sampler, n);
    return total;
  }
}

/** What the samples disagree about stays as they said it. */
function atTemperature(spread: SampleSpread, classes: number, temperature: number): SampleSpread {
  if (temperature === 1) return spread;
  const probability = withTemperature(spread.probability, classes, temperature);
  return { ...spread, probability, entropy: predictiveEntropy(probability, classes) };
}

function tell(onSample: OnSample, { samples, mean }: SampleAccumulator, classes: number, membership: Membership): void {
  onSample(samples, labelMap(mean, classes, membership), predictiveEntropy(mean, classes, membership));
}
