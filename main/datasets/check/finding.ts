/** Something of a data set that should be looked at. */
export interface Finding {
  /** `error`: training would fail or learn what is wrong. `warning`: it may be as it should be. */
  readonly severity: 'error' | 'warning';
  /** Ids of the cases, none where it is about the whole data set. */
  readonly cases: readonly string[];
  readonly what: string;
  /** What to do, a sentence. */
  readonly remedy: string;
}
