import { invariant } from '../check/invariant.ts';
import type { Membership } from '../nn/classProbability.ts';
import { predictiveEntropy } from './entropy.ts';
import { countVoxelsOfClasses } from './labelMap.ts';

/** What several samples of one image say together. Maps are Float32Array [k, j, i]. */
export interface SampleSpread {
  /** Float32Array [classes, k, j, i]: the mean over samples. */
  readonly probability: Float32Array;
  /** Entropy of the mean probability, bits. */
  readonly entropy: Float32Array;
  /** Variance over samples (dividing by n) of a class probability, mean over classes. */
  readonly variance: Float32Array;
  /** Entropy of the mean less mean entropy, bits: what the samples disagree about (Houlsby et al. 2011). */
  readonly mutualInformation: Float32Array;
}

/**
 * Takes the samples of one image one after another and keeps only running means, so that memory does not grow with their number.
 */
export class SampleAccumulator {
  readonly #classes: number;
  readonly #membership: Membership;
  readonly #mean: Float32Array;
  /** Sum over samples and classes of squared deviations from the running mean (Welford 1962). */
  readonly #squares: Float32Array;
  readonly #entropy: Float32Array;
  readonly #classVoxels: number[][];
  #samples = 0;

  /** @param voxels Of one class: `k * j * i`. */
  constructor(classes: number, voxels: number, membership: Membership = 'exclusive') {
    this.#classes = classes;
    this.#membership = membership;
    this.#mean = new Float32Array(classes * voxels);
    this.#squares = new Float32Array(voxels);
    this.#entropy = new Float32Array(voxels);
    this.#classVoxels = Array.from({ length: classes }, () => []);
  }

  /** How many samples there are so far. */
  get samples(): number {
    return this.#samples;
  }

  /** Float32Array [classes, k, j, i]: the mean of the samples so far; changes with the next. */
  get mean(): Float32Array {
    return this.#mean;
  }

  /** Voxels of each class in each sample's own mask: `classVoxels[class][sample]`. */
  get classVoxels(): readonly (readonly number[])[] {
    return this.#classVoxels;
  }

  /** @param probability Float32Array [classes, k, j, i]; not kept. */
  add(probability: Float32Array): void {
    invariant(probability.length === this.#mean.length, 'every sample has the shape of the first');
    this.#samples++;
    const voxels = this.#squares.length;
    for (let at = 0, v = 0; at < probability.length; at++, v++) {
      if (v === voxels) v = 0;
      const deviation = probability[at]! - this.#mean[at]!;
      this.#mean[at]! += deviation / this.#samples;
      this.#squares[v]! += deviation * (probability[at]! - this.#mean[at]!);
    }
    const entropy = predictiveEntropy(probability, this.#classes, this.#membership);
    for (let v = 0; v < voxels; v++) this.#entropy[v]! += (entropy[v]! - this.#entropy[v]!) / this.#samples;
    const counts = countVoxelsOfClasses(probability, this.#classes, this.#membership);
    for (const [index, count] of counts.entries()) this.#classVoxels[index]!.push(count);
  }

  /** The probability is the accumulator's own array: do not add more samples while it is in use. */
  spread(): SampleSpread {
    invariant(this.#samples > 0, 'there is at least one sample');
    const entropy = predictiveEntropy(this.#mean, this.#classes, this.#membership);
    return {
      probability: this.#mean,
      entropy,
      variance: this.#squares.map((sum) => sum / (this.#samples * this.#classes)),
      mutualInformation: entropy.map((bits, v) => Math.max(0, bits - this.#entropy[v]!)),
    };
  }
}
