import { inflateSync } from 'node:zlib';

/** The compressions that we undo, by the value of the tag. */
export const compressions: Readonly<Record<number, (packed: Uint8Array, length: number) => Uint8Array | undefined>> = {
  1: (packed) => packed,
  5: unpackLzw,
  8: inflated,
  32946: inflated,
  32773: unpackBits,
};

function inflated(packed: Uint8Array, length: number): Uint8Array | undefined {
  try {
    return inflateSync(packed, { maxOutputLength: Math.max(1, length) });
  } catch {
    return undefined;
  }
}

/** TIFF 6.0, section 9. */
function unpackBits(packed: Uint8Array, length: number): Uint8Array | undefined {
  const out = new Uint8Array(length);
  let to = 0;
  for (let at = 0; at < packed.length && to < length;) {
    const control = packed[at++]!;
    const count = control < 128 ? control + 1 : control > 128 ? 257 - control : 0;
    if (to + count > length) return undefined;
    if (control < 128) {
      if (at + count > packed.length) return undefined;
      out.set(packed.subarray(at, at + count), to);
      at += count;
    } else if (count > 0) out.fill(packed[at++] ?? 0, to, to + count);
    to += count;
  }
  return to === length ? out : undefined;
}

const clear = 256;
const end = 257;

/** TIFF 6.0, section 13: codes of 9 to 12 bits, highest bit first. */
function unpackLzw(packed: Uint8Array, length: number): Uint8Array | undefined {
  const out = new Uint8Array(length);
  // A string of the table is a place in what was already put out. Each code makes one: its own string and the byte after it.
  const starts = new Int32Array(4097);
  const lengths = new Int32Array(4097);
  let [to, next, bit] = [0, 258, 0];
  while (to < length) {
    // One code earlier than need be, as the format has it; the string that is not complete yet does not count.
    const width = next < 512 ? 9 : next < 1024 ? 10 : next < 2048 ? 11 : 12;
    if (bit + width > packed.length * 8) return undefined;
    const code = readBits(packed, bit, width);
    bit += width;
    if (code === clear) {
      next = 258;
      continue;
    }
    if (code === end || code >= next || next > 4096) return undefined;
    const start = to;
    if (code < clear) out[to++] = code;
    else {
      const count = Math.min(lengths[code]!, length - to);
      for (let n = 0, from = starts[code]!; n < count; n++) out[to++] = out[from++]!;
    }
    starts[next] = start;
    lengths[next++] = to - start + 1;
  }
  return out;
}

function readBits(bytes: Uint8Array, bit: number, width: number): number {
  const at = bit >> 3;
  const three = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  return (three >> (24 - width - (bit & 7))) & ((1 << width) - 1);
}
