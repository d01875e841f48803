/** For each 16 bits that may come, the length of the code they start with in the high byte and its symbol in the low one; 0: no code. */
export type HuffmanTable = Uint16Array;

/** ITU-T T.81 annex C: codes are given out in order of length. */
export function buildHuffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const table = new Uint16Array(0x10000);
  let next = 0;
  let symbol = 0;
  for (let length = 1; length <= 16; length++) {
    const span = 1 << (16 - length);
    for (let n = 0; n < counts[length - 1]! && next < table.length; n++, next += span, symbol++)
      table.fill((length << 8) | symbols[symbol]!, next, next + span);
  }
  return table;
}

/** The entropy-coded bits of a scan (ITU-T T.81 section F.2.2.5), up to the next marker. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #bits = 0;
  #count = 0;
  /** Zero bytes given where the scan had ended. */
  #missing = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  /** @throws Error where the scan ends too early or holds a code that no symbol has. */
  symbol(table: HuffmanTable): number {
    this.#fill();
    const entry = table[(this.#bits >>> (this.#count - 16)) & 0xffff]!;
    if (entry === 0) throw new Error('a code that no symbol has');
    this.#count -= entry >> 8;
    return entry & 0xff;
  }

  /** @param length At most 16. */
  receive(length: number): number {
    if (length === 0) return 0;
    this.#fill();
    this.#count -= length;
    return (this.#bits >>> this.#count) & ((1 << length) - 1);
  }

  /** A number of so many bits, whose first bit is 0 where it is negative (figure F.12). */
  receiveSigned(length: number): number {
    const value = this.receive(length);
    return length > 0 && value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
  }

  /** Goes past the restart marker that comes next. */
  restart(): void {
    this.#bits = this.#count = this.#missing = 0;
    const at = this.markerAt();
    const marker = this.#bytes[at + 1] ?? 0;
    if (marker < 0xd0 || marker > 0xd7) throw new Error('a restart marker is missing');
    this.#at = at + 2;
  }

  /** Where the next marker is, or the end. */
  markerAt(): number {
    let at = this.#at;
    while (at < this.#bytes.length && !(this.#bytes[at] === 0xff && (this.#bytes[at + 1] ?? 0) !== 0)) at++;
    return at;
  }

  #fill(): void {
    while (this.#count <= 16) {
      this.#bits = (this.#bits << 8) | this.#next();
      this.#count += 8;
    }
  }

  #next(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined || (byte === 0xff && this.#bytes[this.#at + 1] !== 0)) {
      if (++this.#missing > 4) throw new Error('the scan is cut off');
      return 0;
    }
    this.#at += byte === 0xff ? 2 : 1;
    return byte;
  }
}
