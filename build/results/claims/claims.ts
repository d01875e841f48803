import type { Claim } from './claim.ts';
import { ensembles } from './ensembles.ts';
import { parity } from './parity.ts';
import { starts } from './starts.ts';
import { steps } from './steps.ts';
import { strategies } from './strategies.ts';
import { uncertainty } from './uncertainty.ts';

export const claims: readonly Claim[] = [steps, strategies, parity, ensembles, starts, uncertainty];
