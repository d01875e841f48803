import { randomBytes } from 'node:crypto';

/** A new unique identifier (PS3.5 B.2): a random UUID. */
export const newUid = () => uidOf(randomBytes(16), 4);

/**
 * A UUID (RFC 9562) as a decimal number under the root 2.25.
 *
 * @param bytes   16 of them, random or of a hash.
 * @param version 4 for random ones, 8 for others.
 */
export function uidOf(bytes: Uint8Array, version: 4 | 8): string {
  const marked = Buffer.from(bytes.subarray(0, 16));
  marked[6] = (marked[6]! & 0x0f) | (version << 4);
  marked[8] = (marked[8]! & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${marked.toString('hex')}`)}`;
}
