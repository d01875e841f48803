import { invariant } from '../check/invariant.ts';
import type { VoxelArray } from '../volume/volume.ts';
import { expectedCalibrationError, poolBins, reliabilityBins, type ReliabilityBin } from './calibration.ts';

/** What is tried: from 1/4 to 8 in steps of an eighth of an octave; 1 leaves probabilities as they are. */
const temperatures = Array.from({ length: 41 }, (_, n) => 2 ** ((n - 16) / 8));

/** A probability counts as no less than this, or one voxel that the model was sure of would decide alone. */
const LEAST = 1e-6;

/** What a temperature would do to a case. */
export interface TemperatureTrial {
  readonly temperature: number;
  /** Negative log-likelihood of the reference, summed over the voxels, nats. */
  readonly loss: number;
  readonly bins: readonly ReliabilityBin[];
}

export interface FittedTemperature {
  /** Above 1 where the model was too sure. */
  readonly temperature: number;
  /** Expected calibration error with temperature 1, and with this one. */
  readonly errorBefore: number;
  readonly errorAfter: number;
  /** Of the reliability diagram with this temperature. */
  readonly bins: readonly ReliabilityBin[];
}

/**
 * Softens (above 1) or sharpens probabilities: `p^(1/T)` over its sum, which is dividing the logits by T (Guo et al. 2017, "On calibration
 * of modern neural networks", section 4.2). The most likely class stays.
 *
 * @param probability Float32Array [classes, ...]; a new one is returned.
 */
export function withTemperature(probability: Float32Array, classes: number, temperature: number): Float32Array {
  const voxels = probability.length / classes;
  const result = probability.map((p) => Math.max(p, 0) ** (1 / temperature));
  for (let v = 0; v < voxels; v++) {
    let total = 0;
    for (let at = v; at < result.length; at += voxels) total += result[at]!;
    for (let at = v; at < result.length; at += voxels) result[at] = total > 0 ? result[at]! / total : 1 / classes;
  }
  return result;
}

/**
 * Tries every temperature on a case.
 *
 * @param probability Float32Array [classes, k, j, i].
 * @param reference   Class indices `[k, j, i]`.
 * @param inside      Uint8Array [k, j, i]; voxels with 1 are counted.
 */
export function tryTemperatures(
  probability: Float32Array,
  classes: number,
  reference: VoxelArray,
  inside: Uint8Array,
): readonly TemperatureTrial[] {
  invariant(probability.length === classes * inside.length, 'all arrays are on one grid');
  const near = (v: number): boolean => inside[v % inside.length] === 1;
  const given = probability.filter((_, at) => near(at));
  const actual = Uint8Array.from(reference).filter((_, v) => near(v));
  const all = new Uint8Array(actual.length).fill(1);
  return temperatures.map((temperature) => {
    const tempered = withTemperature(given, classes, temperature);
    let loss = 0;
    for (let v = 0; v < actual.length; v++)
      loss -= Math.log(Math.max(tempered[actual[v]! * actual.length + v]!, LEAST));
    return { temperature, loss, bins: reliabilityBins(tempered, classes, actual, all) };
  });
}

/**
 * The temperature under which the references of all cases together are likeliest.
 *
 * @param cases `tryTemperatures` of each.
 * @returns undefined without a voxel.
 */
export function fitTemperature(cases: readonly (readonly TemperatureTrial[])[]): FittedTemperature | undefined {
  const trials = temperatures.map((temperature, n) => {
    const loss = cases.reduce((sum, trial) => sum + trial[n]!.loss, 0);
    const bins = poolBins(cases.map((trial) => trial[n]!.bins));
    return { temperature, loss, bins, error: expectedCalibrationError(bins) };
  });
  const before = trials.find(({ temperature }) => temperature === 1);
  const best = trials.reduce((a, b) => (b.loss < a.loss ? b : a));
  if (before?.error === undefined || best.error === undefined) return undefined;
  const { temperature, bins } = best;
  return { temperature, errorBefore: before.error, errorAfter: best.error, bins };
}
