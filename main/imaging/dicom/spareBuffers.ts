/** Buffers of different lengths are made alike, bytes: compressed frames of one series then share them. */
const step = 2 ** 15;

/** Buffers that are used again and again, so that a series does not leave one behind for each of its slices. */
export class SpareBuffers {
  readonly #spare: ArrayBuffer[] = [];

  /** A buffer of at least so many bytes, which may hold anything. */
  take(bytes: number): ArrayBuffer {
    const fitting = this.#spare.findIndex(({ byteLength }) => byteLength >= bytes);
    // One that is too small now will be so again.
    const [spare] = this.#spare.splice(Math.max(0, fitting), 1);
    return fitting >= 0 && spare !== undefined ? spare : new ArrayBuffer(Math.ceil(bytes / step) * step);
  }

  /** @param buffer Nobody else may use it any more. */
  give(buffer: ArrayBuffer): void {
    this.#spare.push(buffer);
  }
}
