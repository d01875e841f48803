// Frames of encapsulated pixel data (PS3.5 section A.4): one fragment or several each, found by an offset table or by their own first bytes.

import { Problem } from '../../../../ml/check/problem.ts';

interface Fragment {
  /** Of its item, from the first byte after the basic offset table. */
  readonly offset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface EncapsulatedFrames {
  /** The compressed bytes of each frame that is there. */
  readonly frames: readonly Uint8Array<ArrayBuffer>[];
  readonly isCut: boolean;
}

/** (7FE0,0001) and (7FE0,0002): offsets as in the basic table, with the length of each frame. */
export interface ExtendedOffsets {
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
}

const itemTag = 0xfffee000;

/**
 * @param value    All bytes from the basic offset table on.
 * @param expected Number of Frames (0028,0008).
 * @param startsFrame Whether a fragment is the first of a frame, by its look: for several frames without any table.
 * @throws Problem `data` where fragments cannot be told apart.
 */
export function splitFrames(
  value: Uint8Array<ArrayBuffer>,
  expected: number,
  {
    path,
    extended,
    startsFrame,
  }: { path: string; extended: ExtendedOffsets; startsFrame: (bytes: Uint8Array) => boolean },
): EncapsulatedFrames {
  const { table, fragments, isCut } = readFragments(value, path);
  if (extended.offsets.length > 0 && extended.offsets.length === extended.lengths.length) {
    const base = 8 + table.length * 4;
    const frames = extended.offsets.map((offset, index) => {
      const start = base + offset + 8;
      return value.subarray(start, start + extended.lengths[index]!);
    });
    return { frames, isCut };
  }
  const groups = groupFragments(fragments, table, expected, startsFrame);
  if (groups === undefined) {
    const what = `${expected} frames are said to be in ${fragments.length} fragments without an offset table`;
    throw new Problem('data', what, path, 'Have the file saved again, with an offset table or without compression.');
  }
  return { frames: groups.map(joined), isCut };
}

function readFragments(value: Uint8Array<ArrayBuffer>, path: string) {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const isItem = (at: number) => view.getUint16(at, true) * 0x10000 + view.getUint16(at + 2, true) === itemTag;
  if (value.length < 8 || !isItem(0) || view.getUint32(4, true) > value.length - 8)
    throw new Problem('data', 'the compressed pixel data is damaged', path, 'Get the file again from its source.');
  const tableLength = view.getUint32(4, true);
  const table = Array.from({ length: Math.floor(tableLength / 4) }, (_, index) => view.getUint32(8 + index * 4, true));
  const fragments: Fragment[] = [];
  const base = 8 + tableLength;
  let at = base;
  while (at + 8 <= value.length && isItem(at)) {
    const end = at + 8 + view.getUint32(at + 4, true);
    fragments.push({ offset: at - base, bytes: value.subarray(at + 8, end) });
    at = end;
  }
  return { table, fragments, isCut: at > value.length };
}

function groupFragments(
  fragments: readonly Fragment[],
  table: readonly number[],
  expected: number,
  startsFrame: (bytes: Uint8Array) => boolean,
): Fragment[][] | undefined {
  if (expected === 1) return [[...fragments]];
  if (table.length > 0 && table.every((offset) => fragments.some((fragment) => fragment.offset === offset)))
    return table.map((from, index) =>
      fragments.filter(({ offset }) => offset >= from && offset < (table[index + 1] ?? Infinity)),
    );
  if (fragments.length <= expected) return fragments.map((fragment) => [fragment]);
  const groups: Fragment[][] = [];
  for (const fragment of fragments) {
    if (startsFrame(fragment.bytes)) groups.push([fragment]);
    else groups.at(-1)?.push(fragment);
  }
  return groups.length === expected ? groups : undefined;
}

function joined(fragments: readonly Fragment[]): Uint8Array<ArrayBuffer> {
  const [first] = fragments;
  if (first !== undefined && fragments.length === 1) return first.bytes;
  const whole = new Uint8Array(fragments.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { bytes } of fragments) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}
