import { z } from 'zod';

/** How the intensities of one channel are brought to a common range. Stored in the plan, applied alike in training and inference. */
export const normalisationSchema = z.discriminatedUnion('kind', [
  /** Mean 0 and standard deviation 1 in each image by itself, for modalities without a unit (MR, ultrasound, pictures). */
  z.object({
    kind: z.literal('zscore'),
    /** `nonzero`: background of exactly 0 is left out of the statistics and stays 0 (skull-stripped or masked images). */
    over: z.enum(['image', 'nonzero']),
  }),
  /** Clipped to percentiles of the training foreground, then standardised by its mean and deviation: keeps the unit of CT. */
  z.object({
    kind: z.literal('clipZscore'),
    low: z.number(),
    high: z.number(),
    mean: z.number(),
    deviation: z.number().positive(),
  }),
]);

export type Normalisation = z.infer<typeof normalisationSchema>;

/** An image without contrast becomes 0 everywhere instead of not-a-number. */
const LEAST_DEVIATION = 1e-8;

/**
 * The intensities of one channel, normalised. The scheme sees the voxels before any resampling, as in nnU-Net (Isensee et al. 2021, supplementary note 2).
 *
 * @param values Float32Array of any number of voxels of one channel, finite, in the unit of the file.
 * @returns A new Float32Array of the same length, unitless.
 */
export function normalise(values: Float32Array, scheme: Normalisation): Float32Array {
  if (scheme.kind === 'clipZscore') {
    const { low, high, mean, deviation } = scheme;
    return values.map((value) => (Math.min(Math.max(value, low), high) - mean) / deviation);
  }
  const skipsZero = scheme.over === 'nonzero';
  const { mean, deviation } = moments(values, skipsZero);
  const scale = 1 / Math.max(deviation, LEAST_DEVIATION);
  return values.map((value) => (skipsZero && value === 0 ? 0 : (value - mean) * scale));
}

/** Two passes in float64: one pass over squares loses all digits where the mean is far larger than the deviation. */
function moments(values: Float32Array, skipsZero: boolean): { mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  for (const value of values) {
    if (skipsZero && value === 0) continue;
    count++;
    sum += value;
  }
  const mean = count === 0 ? 0 : sum / count;
  let squares = 0;
  for (const value of values) {
    if (skipsZero && value === 0) continue;
    squares += (value - mean) ** 2;
  }
  return { mean, deviation: count === 0 ? 0 : Math.sqrt(squares / count) };
}
