// Where the elements of a data set lie (PS3.5 section 7), without a look at their values: dicom-parser reads their headers, one by one.
// Its readers of whole data sets would take the 64-bit VRs for something else, and stop at the first damage within any sequence.

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
  let position = start;
  while (position < end) {
    const element = readHeader(bytes, position, end, encoding);
    if (element === undefined) break;
    const { tag, offset, length, isUndefined } = element;
    if (stops(tag)) return { byTag, stop: element, isWhole: true, end: position };
    if (tag === 'fffee00d') return { byTag, stop: undefined, isWhole: true, end: offset };
    const items = { start: offset, end, encoding: encodingOfItems(element, encoding), depth: depth + 1 };
    const next = isUndefined ? readItems(bytes, items).endMark : offset + length;
    if (next === undefined || next > end) break;
    byTag.set(tag, isUndefined ? { ...element, length: next - offset } : element);
    position = isUndefined ? next + 8 : next;
  }
  return { byTag, stop: undefined, isWhole: position === end, end: position };
}

/** Where the items of a sequence lie, those before the first that is broken, and the mark at their end if it has one. */
export function readItems(
  bytes: Uint8Array,
  { start, end, encoding, depth = 0 }: Stretch,
): { readonly items: readonly Stretch[]; readonly endMark: number | undefined } {
  const items: Stretch[] = [];
  let position = start;
  while (position < end && depth <= mostDepth) {
    const header = readHeader(bytes, position, end, encoding);
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

/** Whether a value starts as a sequence does: the one way to know in Implicit VR without a complete dictionary. */
function startsWithItem(bytes: Uint8Array, element: Element, encoding: Encoding): boolean {
  const { offset, length } = element;
  return readHeader(bytes, offset, offset + length, encodingOfItems(element, encoding))?.tag === 'fffee000';
}

/** Whether an element is a sequence, as its VR says or, where it says nothing, its value. */
export function isSequence(bytes: Uint8Array, element: Element, encoding: Encoding): boolean {
  if (element.vr === 'SQ') return true;
  if (element.vr !== undefined && element.vr !== 'UN') return false;
  return startsWithItem(bytes, element, encoding);
}

/** VRs whose length takes four bytes after two of nothing (PS3.5 table 7.1-1), which dicom-parser takes for a length of 0. */
const wideVrs = new Set(['OV', 'SV', 'UV']);

/** What is at `at` read as the header of an element, or of an item; `undefined` where it reaches past `end`. */
function readHeader(bytes: Uint8Array, at: number, end: number, encoding: Encoding): Element | undefined {
  const { littleEndianByteArrayParser, bigEndianByteArrayParser } = dicomParser;
  try {
    const order = encoding.littleEndian ? littleEndianByteArrayParser : bigEndianByteArrayParser;
    const stream = new dicomParser.ByteStream(order, bytes.subarray(0, end), at);
    const tag = dicomParser.readTag(stream);
    const vr = stream.readFixedString(2);
    stream.seek(-6);
    // Where a writer slipped into Implicit VR, the bytes of a length are in place of the VR.
    const explicit = encoding.explicit && tag < 'xfffe' && /^[A-Z]{2}$/.test(vr);
    // Up to its own tag: its header alone.
    const header = explicit
      ? dicomParser.readDicomElementExplicit(stream, [], tag)
      : dicomParser.readDicomElementImplicit(stream, tag);
    const isUndefined = header.hadUndefinedLength === true;
    const length = wideVrs.has(header.vr ?? '') ? stream.readUint32() : isUndefined ? 0 : header.length;
    return { tag: tag.slice(1), vr: header.vr, offset: stream.position, length, isUndefined };
  } catch {
    return undefined;
  }
}
