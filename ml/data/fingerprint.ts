import { invariant } from '../check/invariant.ts';
import type { Grid, Vector3 } from '../volume/grid.ts';
import { median, quantile } from '../statistics/quantile.ts';
import { canonicalOrder } from '../volume/orientation.ts';
import { reorderGrid } from '../volume/reorder.ts';
import type { Volume } from '../volume/volume.ts';

/** What one training case adds to the fingerprint; small enough to keep for thousands of cases. */
export interface CaseSummary {
  /** Along patient left, posterior, superior, as the network will see it. */
  readonly shape: Vector3;
  readonly spacing: Vector3;
  readonly unit: Grid['unit'];
  /** For each channel, the fraction of voxels that are not exactly 0. */
  readonly nonzeroFractions: readonly number[];
  /** For each channel, intensities of at most `SAMPLES_A_CASE` foreground voxels, in the unit of the file. */
  readonly foregroundSamples: readonly Float32Array[];
  /** Number of voxels of each class; class 0 is the background. */
  readonly classVoxels: readonly number[];
}

export interface ChannelStatistics {
  readonly name: string;
  /** Mean, deviation and percentiles of the intensities inside all foreground, in the unit of the file. */
  readonly mean: number;
  readonly deviation: number;
  readonly percentile0p5: number;
  readonly median: number;
  readonly percentile99p5: number;
  /** Median over the cases. */
  readonly nonzeroFraction: number;
}

interface ClassStatistics {
  readonly name: string;
  readonly voxels: number;
  /** Number of cases that show the class. */
  readonly cases: number;
}

/** What a plan is made from: the sizes, spacings, intensities and class frequencies of the training cases. */
export interface Fingerprint {
  readonly cases: number;
  /** Of all cases. */
  readonly voxels: number;
  readonly unit: Grid['unit'];
  /** One a case, along i, j, k. */
  readonly shapes: readonly Vector3[];
  readonly spacings: readonly Vector3[];
  readonly channels: readonly ChannelStatistics[];
  /** Background first. */
  readonly classes: readonly ClassStatistics[];
}

/** As many as nnU-Net takes. Every n-th foreground voxel stands for the rest, so no randomness enters the plan. */
const SAMPLES_A_CASE = 10_000;

/**
 * @param image   Any voxel type, finite.
 * @param classes Uint8Array [k, j, i], the class of each voxel of the same grid, 0 being background.
 */
export function summariseCase(image: Volume, classes: Uint8Array, classCount: number): CaseSummary {
  const voxels = classes.length;
  invariant(image.data.length === voxels * image.channels, 'a label has as many voxels as a channel of its image');
  const classVoxels = new Array<number>(classCount).fill(0);
  for (const value of classes) classVoxels[value]!++;
  const foreground = voxels - classVoxels[0]!;
  const channels = Array.from({ length: image.channels }, (_, c) => image.data.subarray(c * voxels, (c + 1) * voxels));
  const { shape, spacing, unit } = reorderGrid(image.grid, canonicalOrder(image.grid));
  return {
    shape,
    spacing,
    unit,
    nonzeroFractions: channels.map((channel) => countNonzero(channel) / voxels),
    foregroundSamples: channels.map((channel) => sampleForeground(channel, classes, foreground)),
    classVoxels,
  };
}

function countNonzero(channel: Volume['data']): number {
  let count = 0;
  for (const value of channel) if (value !== 0) count++;
  return count;
}

function sampleForeground(channel: Volume['data'], classes: Uint8Array, foreground: number): Float32Array {
  const stride = Math.max(1, Math.ceil(foreground / SAMPLES_A_CASE));
  const samples = new Float32Array(Math.ceil(foreground / stride));
  let seen = 0;
  for (let v = 0; v < classes.length; v++) {
    if (classes[v] === 0) continue;
    if (seen % stride === 0) samples[seen / stride] = channel[v]!;
    seen++;
  }
  return samples;
}

/**
 * @param summaries One a training case, at least one; all in one unit of length.
 * @param channels  The names of the image channels, in file order.
 * @param classes   The names of the classes, background first.
 */
export function fingerprint(
  summaries: readonly CaseSummary[],
  channels: readonly string[],
  classes: readonly string[],
): Fingerprint {
  const first = summaries[0];
  invariant(first, 'a fingerprint needs a case');
  return {
    cases: summaries.length,
    voxels: summaries.reduce((sum, { shape: [i, j, k] }) => sum + i * j * k, 0),
    unit: first.unit,
    shapes: summaries.map(({ shape }) => shape),
    spacings: summaries.map(({ spacing }) => spacing),
    channels: channels.map((name, c) => channelStatistics(name, c, summaries)),
    classes: classes.map((name, value) => ({
      name,
      voxels: summaries.reduce((sum, { classVoxels }) => sum + classVoxels[value]!, 0),
      cases: summaries.filter(({ classVoxels }) => classVoxels[value]! > 0).length,
    })),
  };
}

function channelStatistics(name: string, channel: number, summaries: readonly CaseSummary[]): ChannelStatistics {
  const parts = summaries.map(({ foregroundSamples }) => foregroundSamples[channel]!);
  const samples = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    samples.set(part, filled);
    filled += part.length;
  }
  samples.sort();
  const at = (fraction: number): number => (samples.length === 0 ? 0 : quantile(samples, fraction));
  const mean = samples.reduce((sum, value) => sum + value, 0) / Math.max(1, samples.length);
  const variance = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, samples.length);
  return {
    name,
    mean,
    deviation: Math.sqrt(variance),
    percentile0p5: at(0.005),
    median: at(0.5),
    percentile99p5: at(0.995),
    nonzeroFraction: median(summaries.map(({ nonzeroFractions }) => nonzeroFractions[channel]!)),
  };
}
