import { emptyLike } from '../volume/emptyLike.ts';

/** A typed array whose length is known at the end only: lists of plain numbers take several times the memory. */
export class GrowingArray<Data extends Float64Array | Uint32Array> {
  #data: Data;
  #length = 0;

  constructor(empty: Data) {
    this.#data = emptyLike(empty, 1024);
  }

  get length(): number {
    return this.#length;
  }

  push(...values: readonly number[]): void {
    if (this.#length + values.length > this.#data.length) {
      const grown = emptyLike(this.#data, 2 * this.#data.length + values.length);
      grown.set(this.#data);
      this.#data = grown;
    }
    for (const value of values) this.#data[this.#length++] = value;
  }

  toArray(): Data {
    return this.#data.slice(0, this.#length) as Data;
  }
}
