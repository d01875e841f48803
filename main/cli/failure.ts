import type { Failure } from '../product/failure.ts';

/** The contract with scripts: these numbers never change. */
export const exitCodes = { bug: 1, usage: 2, data: 3, memory: 4, cancelled: 5, model: 6 } as const satisfies Record<
  Failure['kind'],
  number
>;
