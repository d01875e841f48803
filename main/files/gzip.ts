import { promisify } from 'node:util';
import { availableParallelism } from 'node:os';
import { constants, crc32, deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);

/** Long enough that starting each block with an empty dictionary costs little. */
const blockBytes = 1 << 20;

/** RFC 1952: no name and no time, so that equal content gives equal bytes; operating system unknown. */
const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
/** RFC 1951: a last block of fixed codes that holds nothing. */
const lastBlock = Uint8Array.of(3, 0);

/**
 * One gzip member whose blocks are compressed on all cores, each ending at a whole byte (as pigz does). Equal content gives
 * equal bytes whatever the number of cores.
 *
 * @param parts Arrays that are not written to before they have been compressed.
 */
export async function* gzip(parts: Iterable<Uint8Array>, level: number): AsyncGenerator<Uint8Array> {
  yield header;
  let [checksum, length] = [0, 0];
  const running: Promise<Uint8Array>[] = [];
  try {
    for (const block of blocksOf(parts)) {
      running.push(deflate(block, { level, finishFlush: constants.Z_SYNC_FLUSH, memLevel: 9 }));
      checksum = crc32(block, checksum);
      length += block.length;
      if (running.length > availableParallelism()) yield (await running.shift())!;
    }
    while (running.length > 0) yield (await running.shift())!;
  } finally {
    await Promise.allSettled(running);
  }
  yield lastBlock;
  const trailer = new DataView(new ArrayBuffer(8));
  trailer.setUint32(0, checksum, true);
  trailer.setUint32(4, length % 2 ** 32, true);
  yield new Uint8Array(trailer.buffer);
}

function* blocksOf(parts: Iterable<Uint8Array>): Generator<Uint8Array, void> {
  for (const part of parts)
    for (let at = 0; at < part.length; at += blockBytes) yield part.subarray(at, at + blockBytes);
}
