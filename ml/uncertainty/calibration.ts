import { invariant } from '../check/invariant.ts';
import type { VoxelArray } from '../volume/volume.ts';

const binCount = 15;

/** Voxels whose most likely class has a probability in `(b / 15, (b + 1) / 15]`. */
export interface ReliabilityBin {
  readonly count: number;
  /** Sum over its voxels of the probability of the most likely class. */
  readonly confidenceSum: number;
  /** Voxels whose most likely class is the reference's. */
  readonly correct: number;
}

/**
 * The data of a reliability diagram (Guo et al. 2017, "On calibration of modern neural networks", section 2).
 *
 * @param probability Float32Array [classes, k, j, i].
 * @param reference   Class indices `[k, j, i]`.
 * @param inside      Uint8Array [k, j, i]; voxels with 1 are counted.
 * @returns           15 bins, by rising confidence.
 */
export function reliabilityBins(
  probability: Float32Array,
  classes: number,
  reference: VoxelArray,
  inside: Uint8Array,
): ReliabilityBin[] {
  const voxels = inside.length;
  invariant(probability.length === classes * voxels && reference.length === voxels, 'all arrays are on one grid');
  const bins = Array.from({ length: binCount }, () => ({ count: 0, confidenceSum: 0, correct: 0 }));
  for (let v = 0; v < voxels; v++) {
    if (inside[v] === 0) continue;
    let best = 0;
    for (let c = 1; c < classes; c++) if (probability[c * voxels + v]! > probability[best * voxels + v]!) best = c;
    const confidence = probability[best * voxels + v]!;
    const bin = bins[Math.min(Math.max(Math.ceil(confidence * binCount) - 1, 0), binCount - 1)]!;
    bin.count++;
    bin.confidenceSum += confidence;
    if (reference[v] === best) bin.correct++;
  }
  return bins;
}

/** The bins of several cases together. */
export function poolBins(cases: readonly (readonly ReliabilityBin[])[]): ReliabilityBin[] {
  return Array.from({ length: binCount }, (_, index) => {
    const bins = cases.map((bin) => bin[index]!);
    const total = (part: keyof ReliabilityBin) => bins.reduce((sum, bin) => sum + bin[part], 0);
    return { count: total('count'), confidenceSum: total('confidenceSum'), correct: total('correct') };
  });
}

/** Expected calibration error, in [0, 1] (Guo et al. 2017, equation 3). @returns undefined without voxels. */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number | undefined {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return undefined;
  return bins.reduce((sum, { confidenceSum, correct }) => sum + Math.abs(correct - confidenceSum), 0) / total;
}
