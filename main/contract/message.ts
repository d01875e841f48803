// How a message with a buffer goes over a wire that knows only bytes: the length of the text (4 bytes, little-endian), the text
// (JSON), then the bytes as they are. Voxels are never text.

import { z } from 'zod';

const anObject = z.record(z.string(), z.unknown());

/** @param message Plain data; an `ArrayBuffer` may stand only as its field `bytes`. */
export function packMessage(message: unknown): readonly [head: Uint8Array<ArrayBuffer>, bytes: ArrayBuffer] {
  const object = anObject.safeParse(message);
  const bytes = object.data?.['bytes'];
  const carried = bytes instanceof ArrayBuffer ? bytes : undefined;
  const plain = carried === undefined ? message : { ...object.data, bytes: carried.byteLength };
  const text = new TextEncoder().encode(JSON.stringify(plain));
  const head = new Uint8Array(4 + text.length);
  new DataView(head.buffer).setUint32(0, text.length, true);
  head.set(text, 4);
  return [head, carried ?? new ArrayBuffer(0)];
}

/** @throws Where the message is cut off or its text is no JSON. */
export function unpackMessage(packed: ArrayBuffer): unknown {
  const length = new DataView(packed).getUint32(0, true);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(packed, 4, length));
  const plain: unknown = JSON.parse(text);
  const bytes = packed.slice(4 + length);
  const object = anObject.safeParse(plain);
  return object.success && object.data['bytes'] === bytes.byteLength ? { ...object.data, bytes } : plain;
}
