/** What went wrong in the world, by who can mend it. The command line turns each kind into its exit code. */
export type ProblemKind =
  /** The command or setting asks for something that does not exist. */
  | 'usage'
  /** A file or folder is missing, unreadable, broken or not supported. */
  | 'data'
  /** The work does not fit in memory. */
  | 'memory'
  /** The person stopped it. */
  | 'cancelled'
  /** A model is broken or does not fit the image. */
  | 'model';

/**
 * An expected failure: a broken file, a full disk, a cancelled job. Thrown where it is found and shown where the person is;
 * whatever else is thrown is a bug of ours.
 */
export class Problem extends Error {
  override readonly name = 'Problem';

  readonly kind: ProblemKind;
  readonly what: string;
  readonly where: string;
  readonly remedy: string;

  /**
   * @param what  What is wrong, in a few words, without the place.
   * @param where The file, field or option that is wrong.
   * @param remedy What the person can do, a sentence.
   */
  constructor(kind: ProblemKind, what: string, where: string, remedy: string, options?: ErrorOptions) {
    super(`${what} (${where}). ${remedy}`, options);
    this.kind = kind;
    this.what = what;
    this.where = where;
    this.remedy = remedy;
  }
}
