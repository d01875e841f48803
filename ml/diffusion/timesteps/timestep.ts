import type { Rng } from '../../random/rng.ts';

/** The step at which a training sample is noised. */
export interface Timestep {
  readonly t: number;
  /** By which its loss is multiplied so that the mean stays that of steps drawn uniformly. */
  readonly weight: number;
}

/**
 * A step of 0..count-1, all as likely.
 *
 * @param count The schedule's numSteps; one less for recycling, whose first pass takes the noisiest step for itself.
 */
export function drawUniform(count: number, rng: Rng): Timestep {
  return { t: rng.integer(count), weight: 1 };
}
