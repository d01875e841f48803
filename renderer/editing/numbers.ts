// Whole numbers in as few bytes as they need: seven bits a byte, lowest first, the eighth bit saying that more follow (LEB128).

/** Collects bytes. */
export class NumberWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  /** @param value Whole, 0..2^53 - 1. */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#byte((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.#byte(rest);
  }

  /** Numbers near 0 of either sign are short. */
  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  text(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.unsigned(bytes.length);
    for (const byte of bytes) this.#byte(byte);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #byte(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const longer = new Uint8Array(2 * this.#bytes.length);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    this.#bytes[this.#length++] = byte;
  }
}

/** Reads what a `NumberWriter` wrote. Throws a RangeError where bytes end too early or make no number. */
export class NumberReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  unsigned(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value += (byte % 128) * scale;
      if (byte < 128 && Number.isSafeInteger(value)) return value;
    }
    throw new RangeError('no number here');
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  text(): string {
    const end = this.unsigned() + this.#at;
    if (end > this.#bytes.length) throw new RangeError('text ends too early');
    const text = new TextDecoder('utf-8', { fatal: true }).decode(this.#bytes.subarray(this.#at, end));
    this.#at = end;
    return text;
  }
}
