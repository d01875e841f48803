import type { Laboratory } from '../laboratory.ts';

/** A claim of the papers, and what our own measurements say of it. */
export interface Claim {
  /** `a` to `f`, as the issue of the methods counts them. */
  readonly letter: string;
  readonly says: string;
  /** Computes what is missing, where it may, and writes what there is as Markdown. */
  readonly measure: (laboratory: Laboratory) => Promise<string>;
}

/** All that are there. */
export const present = <Value>(values: readonly (Value | undefined)[]): Value[] =>
  values.filter((value) => value !== undefined);
