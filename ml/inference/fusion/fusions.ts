import type { Membership } from '../../nn/classProbability.ts';
import { labelMap } from '../../uncertainty/labelMap.ts';
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
type Fuse = (
  samples: readonly Uint8Array[],
  probability: Float32Array,
  classes: number,
  membership: Membership,
) => Uint8Array;

export const fusions: Readonly<Record<FusionName, Fuse>> = {
  mean: (_, probability, classes, membership) => labelMap(probability, classes, membership),
  majority: majorityVote,
  staple: (samples, _, classes) => staple(samples, classes),
};
