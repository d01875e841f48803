/**
 * A stream of pseudo-random numbers. Streams are derived from a seed and what they are for (`stream(seed, 'noise', step)`),
 * so work that is interrupted and resumed at a step draws the same numbers without any generator state being saved.
 */
export interface Rng {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  /** Standard normal. */
  normal(): number;
}
