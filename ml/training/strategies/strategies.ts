import { recycling } from './recycling.ts';
import { recyclingNext } from './recyclingNext.ts';
import { selfConditioning, selfConditioningNext } from './selfConditioning.ts';
import { standard } from './standard.ts';
import type { Strategy } from './strategy.ts';

export const strategyNames = [
  'recycling',
  'recyclingNext',
  'selfConditioning',
  'selfConditioningNext',
  'standard',
] as const;

export type StrategyName = (typeof strategyNames)[number];

/** How diffusion networks can be trained; `none` of the paper is the direct network. */
export const strategies: Readonly<Record<StrategyName, Strategy>> = {
  recycling,
  recyclingNext,
  selfConditioning,
  selfConditioningNext,
  standard,
};
