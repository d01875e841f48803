import type { IncomingMessage } from 'node:http';
import type { CallName } from '../contract/calls.ts';

const MIB = 2 ** 20;

/** What may be sent with a call; most send a few words. */
const largest: Readonly<Partial<Record<CallName, number>>> = {
  'segmentations:save': 4096 * MIB - 1,
  'segmentations:structures': 16 * MIB,
  'edits:append': 256 * MIB,
  'uploads:add': 32 * MIB,
};

export const mostBytes = (name: CallName): number => largest[name] ?? MIB;

/** The body of a request whose length was declared; undefined where it declares none, more than `most`, or sends another. */
export async function readBody(request: IncomingMessage, most: number): Promise<ArrayBuffer | undefined> {
  const declared = request.headers['content-length'];
  const length = declared === undefined || !/^\d{1,15}$/.test(declared) ? Number.NaN : Number(declared);
  if (!(length <= most)) return undefined;
  const body = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    if (filled + chunk.length > length) return undefined;
    body.set(chunk, filled);
    filled += chunk.length;
  }
  return filled === length ? body.buffer : undefined;
}
