// Where the elements of a data set lie (PS3.5 section 7), without a look at their values, from the numbers and tags that dicom-parser reads.
// Its readers of whole elements would take the 64-bit VRs for something else, and stop at the first damage within any sequence.

import dicomParser from 'dicom-parser';
import type { Tag } from './tags.ts';

/** How elements are written. */
export interface Encoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

export const implicitLittleEndian: Encoding = { explicit: false, littleEndian: true };
export const explicitLittleEndian: Encoding = { explicit: true, littleEndian: true };

/** Bytes that hold elements, or the items of a sequence. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly encoding: Encoding;
  /** How many sequences of undefined length were entered to come here; 0 unless given. */
  readonly depth?: number;
}

export interface Element {
  readonly tag: Tag;
  /** As the file names it; absent in Implicit VR. */
  readonly vr: string | undefined;
  /** Of the value. */
  readonly offset: number;
  /** Bytes of the value. Where `isUndefined` and the element stopped the reading, 0. */
  readonly length: number;
  readonly isUndefined: boolean;
}

export interface Elements {
  readonly byTag: ReadonlyMap<Tag, Element>;
  /** The element at which reading was to stop; not in `byTag`. */
  readonly stop: Element | undefined;
  /** Not where the bytes end within an element, or what is at `end` is none. */
  readonly isWhole: boolean;
  /** Just after the last element. */
  readonly end: number;
}

/** Deeper nesting is no object of this world, and would exhaust the stack. */
const mostDepth = 32;

/**
 * Reads elements up to the first for which `stops` holds, or to the end of an item, or of the bytes.
 * What is not an element ends the reading; nothing is thrown.
 */
export function readElements(
  bytes: Uint8Array,
  { start, end, encoding, depth = 0 }: Stretch,
  stops: (tag: Tag) => boolean = () => false,
): Elements {
  const byTag = new Map<Tag, Element>();
  let stream: dicomParser.ByteStream | undefined;
  let position = start;
  while (position < end) {
    stream ??= streamOf(bytes, end, encoding);
    const element = readHeader(stream, position, encoding);
    if (element === undefined) break;
    const { tag, offset, length, isUndefined } = element;
    if (stops(tag)) return { byTag, stop: element, isWhole: true, end: position };
    if (tag === 'fffee00d') return { byTag, stop: undefined, isWhole: true, end: offset };
    const next = isUndefined ? endOfItems(bytes, element, { end, encoding, depth }) : offset + length;
    if (next === undefined || next > end) break;
    byTag.set(tag, isUndefined ? { ...element, length: next - offset } : element);
    position = isUndefined ? next + 8 : next;
  }
  return { byTag, stop: undefined, isWhole: position === end, end: position };
}

/** Where the mark after the items of a sequence of undefined length is. */
function endOfItems(
  bytes: Uint8Array,
  element: Element,
  { end, encoding, depth }: Omit<Required<Stretch>, 'start'>,
): number | undefined {
  const within = { start: element.offset, end, encoding: encodingOfItems(element, encoding), depth: depth + 1 };
  return readItems(bytes, within).endMark;
}

/** Where the items of a sequence lie, those before the first that is broken, and the mark at their end if it has one. */
export function readItems(
  bytes: Uint8Array,
  { start, end, encoding, depth = 0 }: Stretch,
): { readonly items: readonly Stretch[]; readonly endMark: number | undefined } {
  const items: Stretch[] = [];
  let stream: dicomParser.ByteStream | undefined;
  let position = start;
  while (position < end && depth <= mostDepth) {
    stream ??= streamOf(bytes, end, encoding);
    const header = readHeader(stream, position, encoding);
    if (header?.tag === 'fffee0dd') return { items, endMark: position };
    if (header?.tag !== 'fffee000') break;
    const item = { start: header.offset, end: header.offset + header.length, encoding, depth };
    const { isWhole, end: itemEnd } = header.isUndefined
      ? readElements(bytes, { ...item, end })
      : { isWhole: true, end: item.end };
    if (!isWhole || itemEnd > end) break;
    items.push({ ...item, end: itemEnd });
    position = itemEnd;
  }
  return { items, endMark: undefined };
}

/** PS3.5 section 6.2.2, note: a sequence of unknown VR is written in Implicit VR Little Endian. */
export function encodingOfItems({ vr }: Element, encoding: Encoding): Encoding {
  return vr === 'UN' ? implicitLittleEndian : encoding;
}

const itemTag = { little: [0xfe, 0xff, 0x00, 0xe0], big: [0xff, 0xfe, 0xe0, 0x00] } as const;

/** Whether a value starts as a sequence does: the one way to know in Implicit VR without a complete dictionary. */
function startsWithItem(bytes: Uint8Array, element: Element, encoding: Encoding): boolean {
  const tag = encodingOfItems(element, encoding).littleEndian ? itemTag.little : itemTag.big;
  return element.length >= 8 && tag.every((byte, n) => bytes[element.offset + n] === byte);
}

/** Whether an element is a sequence, as its VR says or, where it says nothing, its value. */
export function isSequence(bytes: Uint8Array, element: Element, encoding: Encoding): boolean {
  if (element.vr === 'SQ') return true;
  if (element.vr !== undefined && element.vr !== 'UN') return false;
  return startsWithItem(bytes, element, encoding);
}

/** VRs whose length takes four bytes, after two of nothing, in Explicit VR (PS3.5 table 7.1-1). */
export const wideVrs: ReadonlySet<string> = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

/** What reads numbers from the bytes before `end`, of which there must be one, and throws beyond. */
function streamOf(bytes: Uint8Array, end: number, { littleEndian }: Encoding): dicomParser.ByteStream {
  const { ByteStream, littleEndianByteArrayParser, bigEndianByteArrayParser } = dicomParser;
  const order = littleEndian ? littleEndianByteArrayParser : bigEndianByteArrayParser;
  return new ByteStream(order, bytes.subarray(0, end), 0);
}

const undefinedLength = 0xffffffff;

/** What is at `at` read as the header of an element, or of an item; `undefined` where it reaches past the end. */
function readHeader(stream: dicomParser.ByteStream, at: number, { explicit }: Encoding): Element | undefined {
  try {
    stream.position = at;
    const tag = readTag(stream);
    const vr = explicit && tag < 'fffe' ? readVr(stream) : undefined;
    const isWide = vr === undefined || wideVrs.has(vr);
    if (isWide && vr !== undefined) stream.seek(2);
    const length = isWide ? stream.readUint32() : stream.readUint16();
    const isUndefined = length === undefinedLength;
    return { tag, vr, offset: stream.position, length: isUndefined ? 0 : length, isUndefined };
  } catch {
    return undefined;
  }
}

/** Texts of the tags that were read first, which are those of nearly all there are: making one takes longer than finding it. */
const tagTexts = new Map<number, Tag>();
const mostTagTexts = 4096;

function readTag(stream: dicomParser.ByteStream): Tag {
  const number = stream.readUint16() * 2 ** 16 + stream.readUint16();
  const known = tagTexts.get(number);
  if (known !== undefined) return known;
  const tag = number.toString(16).padStart(8, '0');
  if (tagTexts.size < mostTagTexts) tagTexts.set(number, tag);
  return tag;
}

/** Where a writer slipped into Implicit VR, the bytes of a length are in its place: then `undefined`, and nothing is read. */
function readVr(stream: dicomParser.ByteStream): string | undefined {
  const vr = stream.readFixedString(2);
  if (/^[A-Z]{2}$/.test(vr)) return vr;
  stream.seek(-2);
  return undefined;
}
