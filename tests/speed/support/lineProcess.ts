import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A process that answers each JSON line on its input with one on its output, and sleeps in between. */
export class LineProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  readonly #closed: Promise<unknown>;
  #errors = '';

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args);
    this.#closed = new Promise((resolve) => this.#child.on('close', resolve));
    this.#answers = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    // Both show as an output that ends.
    this.#child.on('error', (error) => (this.#errors += String(error)));
    this.#child.stdin.on('error', () => undefined);
  }

  /** @throws Error with what it wrote on standard error, where it ends instead of answering. */
  async request(message: object): Promise<unknown> {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) {
      await this.#closed;
      throw new Error(`${this.#child.spawnargs.join(' ')} ended without an answer:\n${this.#errors}`);
    }
    return JSON.parse(answer.value);
  }

  get processId(): number {
    if (this.#child.pid === undefined)
      throw new Error(`${this.#child.spawnargs.join(' ')} did not start: ${this.#errors}`);
    return this.#child.pid;
  }

  /** Closes its input, at which it ends. */
  async dispose(): Promise<void> {
    this.#child.stdin.end();
    await this.#closed;
  }
}
