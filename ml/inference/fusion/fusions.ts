import { mostLikelyClass } from '../../uncertainty/entropy.ts';
import { majorityVote } from './majorityVote.ts';
import { staple } from './staple.ts';

export const fusionNames = ['mean', 'majority', 'staple'] as const;

export type FusionName = (typeof fusionNames)[number];

/**
 * One mask of several samples.
 *
 * @param samples     Class indices `[k, j, i]`; `mean` needs none.
 * @param probability Float32Array [classes, k, j, i], mean over the samples.
 */
type Fuse = (samples: readonly Uint8Array[], probability: Float32Array, classes: number) => Uint8Array;

export const fusions: Readonly<Record<FusionName, Fuse>> = {
  mean: (_, probability, classes) => mostLikelyClass(probability, classes),
  majority: majorityVote,
  staple: (samples, _, classes) => staple(samples, classes),
};
