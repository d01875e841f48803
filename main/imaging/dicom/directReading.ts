/** More than reading a short part from the system's memory takes, less than from a disk or the network, ms. */
const quickMilliseconds = 1;
/** Parts that are read here in a row before the process looks at what else is to be done, a signal to stop among it. */
const mostInRow = 256;
/** What is read at a time by threads (scan.ts): with so many waiting, this one is free. */
const pause = 16;
/** Parts that threads read after a slow one before it is tried here again. */
const patience = 64;

/**
 * Who reads the next short part of a file: this thread at once, or one of the system's. What lies in memory is here in less time than a
 * thread takes to wake; of a slow disk or a network, many parts should be asked for at a time.
 */
export class DirectReading {
  #forThreads = 0;
  #inRow = 0;

  /** Asked before each part. */
  isNext(): boolean {
    if (this.#forThreads > 0) {
      this.#forThreads--;
      return false;
    }
    this.#inRow++;
    if (this.#inRow < mostInRow) return true;
    this.#inRow = 0;
    this.#forThreads = pause;
    return true;
  }

  /** Told after each part that was read here. */
  took(milliseconds: number): void {
    if (milliseconds > quickMilliseconds) this.#forThreads = patience;
  }
}
