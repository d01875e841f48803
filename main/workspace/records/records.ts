import { rename } from 'node:fs/promises';
import type { z } from 'zod';
import { Problem } from '../../../ml/check/problem.ts';
import { fileProblem } from '../../files/fileProblem.ts';
import { DamagedFile } from '../../files/json.ts';
import { readRecord } from '../../files/record.ts';
import type { Notices } from './notices.ts';

/** How the person reads of a damaged record. */
interface Words {
  /** `settings`, `record of a study`. */
  readonly name: string;
  /** What became of it, and what they can do. */
  readonly remedy: string;
}

/** Reads the records of a workspace. A damaged one is put aside, so that nothing is written over it, and that is said. */
export class Records {
  readonly #notices: Notices;
  #last: Promise<unknown> = Promise.resolve();

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  /**
   * @returns undefined where there is none, or none any more.
   * @throws Problem 'data' where it cannot be read.
   */
  async read<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    words: Words,
  ): Promise<z.output<Schema> | undefined> {
    try {
      return await readRecord(path, schema);
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
    }
    // Another reader may have put it aside by now, and a good one may lie there.
    const again = this.#last.then(() => this.#readOrPutAside(path, schema, words));
    this.#last = again.catch(() => undefined);
    return again;
  }

  /** For lists: says why one of them is left out. */
  readonly leaveOut = (error: unknown): undefined => {
    this.#notices.tell(error);
  };

  async #readOrPutAside<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    { name, remedy }: Words,
  ): Promise<z.output<Schema> | undefined> {
    try {
      return await readRecord(path, schema);
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      const aside = asideOf(path, new Date());
      await rename(path, aside).catch((failure: unknown) => {
        throw fileProblem(failure, path);
      });
      this.#notices.tell(new Problem('data', `the ${name} was damaged and put aside`, aside, remedy, { cause: error }));
      return undefined;
    }
  }
}

/** Without colons, which Windows allows in no name. */
const asideOf = (path: string, when: Date): string => `${path}.damaged-${when.toISOString().replaceAll(/[:.]/g, '-')}`;

export const isPutAside = (name: string): boolean => /\.damaged-[\dTZ-]+$/.test(name);
