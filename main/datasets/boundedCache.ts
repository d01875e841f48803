/** Keeps what was used last, up to a number of bytes. */
export class BoundedCache<Key, Value> {
  readonly #kept = new Map<Key, { readonly value: Value; readonly bytes: number }>();
  readonly #budget: number;
  #bytes = 0;

  /** @param budget In bytes. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  get(key: Key): Value | undefined {
    const found = this.#kept.get(key);
    if (!found) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found.value;
  }

  /** Lets go of what was unused longest until the rest fits; keeps nothing larger than the whole budget. */
  set(key: Key, value: Value, bytes: number): void {
    if (bytes > this.#budget) return;
    this.#kept.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#kept) {
      if (this.#bytes <= this.#budget) return;
      this.#kept.delete(oldest);
      this.#bytes -= entry.bytes;
    }
  }
}
