/** Both sides of a comparison, ready to be measured; the one that is not asked does nothing. */
export interface Contest {
  /** Does the work once on our side; the quantity measured, in the comparison's unit. */
  ours(): Promise<number>;
  theirs(): Promise<number>;
  dispose(): Promise<void>;
}

/** One line of the bench: a quantity of ours beside the same of someone else, less is better. */
export interface Comparison {
  /** What one asks for on the command line. */
  readonly name: string;
  readonly unit: 'ms' | 'MiB';
  /** With whom, and in which configuration. */
  readonly against: string;
  /** Rounds to run and forget first. */
  readonly warmups: number;
  /** Installs and starts what both sides need. */
  prepare(): Promise<Contest>;
}
