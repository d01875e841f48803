import { invertStep, type Step } from './step.ts';

/** What can be undone and redone. The oldest steps are forgotten first, the last one never. */
export class History {
  readonly #done: Step[] = [];
  readonly #undone: Step[] = [];
  readonly #mostSteps: number;
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(mostSteps = 200, mostBytes = 2 ** 28) {
    this.#mostSteps = mostSteps;
    this.#mostBytes = mostBytes;
  }

  /** Name of the step that `undo` would undo. */
  get undoName(): string | undefined {
    return this.#done.at(-1)?.name;
  }

  get redoName(): string | undefined {
    return this.#undone.at(-1)?.name;
  }

  /** Remembers a step that was done; what was undone before it cannot be redone any more. */
  record(step: Step): void {
    this.#bytes -= this.#undone.reduce((sum, undone) => sum + bytesOf(undone), 0);
    this.#undone.length = 0;
    this.#done.push(step);
    this.#bytes += bytesOf(step);
    while (this.#done.length > this.#mostSteps || (this.#bytes > this.#mostBytes && this.#done.length > 1)) {
      this.#bytes -= bytesOf(this.#done.shift()!);
    }
  }

  /** The step that takes back the last one, to be applied (`applyStep`). */
  undo(): Step | undefined {
    const step = this.#done.pop();
    if (step === undefined) return undefined;
    this.#undone.push(step);
    return invertStep(step);
  }

  /** The step that was undone last, to be applied. */
  redo(): Step | undefined {
    const step = this.#undone.pop();
    if (step !== undefined) this.#done.push(step);
    return step;
  }
}

/** Voxels are what takes room; names and tables are small. */
const bytesOf = ({ diff }: Step) => diff.runs.byteLength;
