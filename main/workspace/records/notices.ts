import type { Notice } from '../../contract/application.ts';
import type { ProblemReply } from '../../contract/problem.ts';
import type { Emit } from '../../contract/serve.ts';

/** What the person should read though nothing they asked for failed. Kept, since most is found before a window listens. */
export class Notices {
  readonly #said: Notice[] = [];
  readonly #emit: Emit;
  readonly #describe: (error: unknown) => ProblemReply;

  constructor(emit: Emit, describe: (error: unknown) => ProblemReply) {
    this.#emit = emit;
    this.#describe = describe;
  }

  /** Oldest first. */
  list(): Notice[] {
    return [...this.#said];
  }

  /** The same is said once. */
  tell(error: unknown): void {
    const { what, where, remedy } = this.#describe(error);
    if (this.#said.some((notice) => notice.what === what && notice.where === where)) return;
    const notice = { what, where, remedy };
    this.#said.push(notice);
    this.#emit('host:notice', notice);
  }
}
