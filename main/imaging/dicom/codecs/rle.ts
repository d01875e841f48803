/**
 * RLE (PS3.5 annex G): a segment for each byte of each sample, the most significant byte first, packed by PackBits.
 *
 * @param width Bytes of a sample.
 * @returns Little-endian samples, pixel after pixel; `undefined` where segments are missing or too short.
 */
export function decodeRle(
  bytes: Uint8Array,
  { pixels, samples, width }: { pixels: number; samples: number; width: number },
): Uint8Array<ArrayBuffer> | undefined {
  if (bytes.length < 64) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = view.getUint32(0, true);
  // Two bytes make 128 at most.
  if (segments !== samples * width || pixels * segments > bytes.length * 64) return undefined;
  const target = new Uint8Array(pixels * samples * width);
  for (let segment = 0; segment < segments; segment++) {
    const start = view.getUint32(4 + segment * 4, true);
    const next = segment + 1 < segments ? view.getUint32(8 + segment * 4, true) : bytes.length;
    const sample = Math.floor(segment / width);
    const byte = width - 1 - (segment % width);
    const into = { target, first: sample * width + byte, step: samples * width };
    if (start < 64 || !unpackSegment(bytes.subarray(start, next), into, pixels)) return undefined;
  }
  return target;
}

interface Strided {
  readonly target: Uint8Array;
  readonly first: number;
  readonly step: number;
}

/** @returns Whether the segment had every byte. */
function unpackSegment(packed: Uint8Array, { target, first, step }: Strided, count: number): boolean {
  let to = first;
  const end = first + count * step;
  for (let at = 0; at < packed.length && to < end;) {
    const code = packed[at++]!;
    if (code < 128) {
      for (let n = 0; n <= code && to < end && at < packed.length; n++, to += step) target[to] = packed[at++]!;
    } else if (code > 128) {
      const value = packed[at++] ?? 0;
      for (let n = 0; n <= 256 - code && to < end; n++, to += step) target[to] = value;
    }
  }
  return to >= end;
}
