import { type HuffmanTable, buildHuffmanTable } from './huffman.ts';

/** The row-major place of each coefficient (ITU-T T.81 figure A.6). */
export const zigzag = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
]);

/** What the segments between the scans of a JPEG stream set (ITU-T T.81 section B.2.4); each stands until it is set anew. */
export class Tables {
  readonly quantisation = new Map<number, Float64Array>();
  /** By class (0 DC or lossless, 1 AC) * 16 + destination. */
  readonly huffman = new Map<number, HuffmanTable>();
  restartInterval = 0;

  /** Takes the segment of a marker, where it is one of these. */
  read(view: DataView, marker: number, start: number, end: number): void {
    if (marker === 0xdb) this.#readQuantisation(view, start, end);
    else if (marker === 0xc4) this.#readHuffman(view, start, end);
    else if (marker === 0xdd) this.restartInterval = view.getUint16(start);
  }

  #readQuantisation(view: DataView, start: number, end: number): void {
    for (let at = start; at < end;) {
      const head = view.getUint8(at++);
      const width = head >> 4 === 0 ? 1 : 2;
      const table = new Float64Array(64);
      for (const place of zigzag) {
        table[place] = width === 1 ? view.getUint8(at) : view.getUint16(at);
        at += width;
      }
      this.quantisation.set(head & 15, table);
    }
  }

  #readHuffman(view: DataView, start: number, end: number): void {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let at = start; at < end;) {
      const counts = bytes.subarray(at + 1, at + 17);
      const total = counts.reduce((sum, count) => sum + count, 0);
      this.huffman.set(view.getUint8(at), buildHuffmanTable(counts, bytes.subarray(at + 17, at + 17 + total)));
      at += 17 + total;
    }
  }
}
