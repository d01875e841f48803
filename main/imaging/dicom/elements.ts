// Where the elements of a data set lie (PS3.5 section 7), without a look at their values. Sequences are passed over here and read when asked for.
// Not npm's dicom-parser: it takes the length of OV, SV and UV values, extended offset tables among them, for two bytes long.

/** How elements are written. */
export interface Encoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

export const implicitLittleEndian: Encoding = { explicit: false, littleEndian: true };
export const explicitLittleEndian: Encoding = { explicit: true, littleEndian: true };

export interface Element {
  /** Group * 65536 + element. */
  readonly tag: number;
  /** As the file names it; absent in Implicit VR. */
  readonly vr: string | undefined;
  /** Of the element itself, then of its value. */
  readonly start: number;
  readonly offset: number;
  /** Bytes of the value. Where `isUndefined` and the element stopped the reading, 0. */
  readonly length: number;
  readonly isUndefined: boolean;
}

export interface Elements {
  readonly byTag: ReadonlyMap<number, Element>;
  /** The element at which reading was to stop; not in `byTag`. */
  readonly stop: Element | undefined;
  /** `cut`: the bytes end within an element. `broken`: what is at `end` is no element. */
  readonly state: 'whole' | 'cut' | 'broken';
  /** Just after the last element. */
  readonly end: number;
}

const itemTag = 0xfffee000;
const itemEnd = 0xfffee00d;
const sequenceEnd = 0xfffee0dd;
const undefinedLength = 0xffffffff;
/** Deeper nesting is no object of this world, and would exhaust the stack. */
const mostDepth = 32;

/** VRs whose length takes four bytes in explicit encoding (PS3.5 table 7.1-1). */
const longVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

class Unreadable extends Error {
  readonly state: 'cut' | 'broken';

  constructor(state: 'cut' | 'broken') {
    super(state);
    this.state = state;
  }
}

/**
 * Reads elements from `start` to `end`, or to the first for which `stops` holds, or to the end of an item.
 * What is not an element ends the reading; nothing is thrown.
 */
export function readElements(
  bytes: Uint8Array,
  { start = 0, end = bytes.length, encoding }: { start?: number; end?: number; encoding: Encoding },
  stops: (tag: number) => boolean = () => false,
): Elements {
  const walk = new Walk(bytes, end, encoding);
  const byTag = new Map<number, Element>();
  let position = start;
  try {
    while (position < end) {
      const element = walk.header(position);
      if (stops(element.tag)) return { byTag, stop: element, state: 'whole', end: position };
      if (element.tag === itemEnd) return { byTag, stop: undefined, state: 'whole', end: element.offset };
      const valueEnd = walk.valueEnd(element, 0);
      byTag.set(element.tag, { ...element, length: valueEnd.value - element.offset });
      position = valueEnd.next;
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { byTag, stop: undefined, state: error.state, end: position };
  }
  return { byTag, stop: undefined, state: 'whole', end: position };
}

/** Where the items of a sequence lie; those before the first that is broken. */
export function readItems(
  bytes: Uint8Array,
  { start, end, encoding }: { start: number; end: number; encoding: Encoding },
): readonly { start: number; end: number }[] {
  const walk = new Walk(bytes, end, encoding);
  const items: { start: number; end: number }[] = [];
  try {
    for (let position = start; position < end;) {
      const { tag, length } = walk.item(position);
      if (tag !== itemTag) break;
      const next = length === undefinedLength ? walk.endOfItem(position + 8, 0) : walk.within(position + 8 + length);
      items.push({ start: position + 8, end: next });
      position = next;
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  return items;
}

/** Whether a value starts as a sequence does: the one way to know in Implicit VR without a complete dictionary. */
export function startsWithItem(bytes: Uint8Array, { offset, length }: Element, littleEndian: boolean): boolean {
  if (length < 8) return false;
  const group = littleEndian ? [0xfe, 0xff, 0x00, 0xe0] : [0xff, 0xfe, 0xe0, 0x00];
  return group.every((byte, index) => bytes[offset + index] === byte);
}

class Walk {
  readonly #view: DataView;
  readonly #end: number;
  readonly #encoding: Encoding;

  constructor(bytes: Uint8Array, end: number, encoding: Encoding) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = end;
    this.#encoding = encoding;
  }

  within(position: number): number {
    if (position > this.#end) throw new Unreadable('cut');
    return position;
  }

  item(start: number): { tag: number; length: number } {
    this.within(start + 8);
    return { tag: this.#tag(start), length: this.#view.getUint32(start + 4, this.#encoding.littleEndian) };
  }

  header(start: number): Element {
    const { littleEndian, explicit } = this.#encoding;
    const { tag, length: fourBytes } = this.item(start);
    const vr = explicit && tag < 0xfffe0000 ? this.#vr(start + 4) : undefined;
    if (vr === undefined || !longVrs.has(vr)) {
      const length = vr === undefined ? fourBytes : this.#view.getUint16(start + 6, littleEndian);
      return this.#element(tag, vr, start, start + 8, length);
    }
    this.within(start + 12);
    return this.#element(tag, vr, start, start + 12, this.#view.getUint32(start + 8, littleEndian));
  }

  #element(tag: number, vr: string | undefined, start: number, offset: number, length: number): Element {
    const isUndefined = length === undefinedLength;
    return { tag, vr, start, offset, length: isUndefined ? 0 : length, isUndefined };
  }

  /** Where a value ends and where the next element starts. */
  valueEnd(element: Element, depth: number): { value: number; next: number } {
    if (!element.isUndefined) {
      const end = this.within(element.offset + element.length);
      return { value: end, next: end };
    }
    // PS3.5 section 6.2.2, note: a sequence of unknown VR is written in Implicit VR Little Endian.
    const walk = element.vr === 'UN' ? this.#implicit() : this;
    const next = walk.endOfSequence(element.offset, depth + 1);
    return { value: next - 8, next };
  }

  endOfSequence(start: number, depth: number): number {
    if (depth > mostDepth) throw new Unreadable('broken');
    for (let position = start; ;) {
      const { tag, length } = this.item(position);
      position += 8;
      if (tag === sequenceEnd) return position;
      if (tag !== itemTag) throw new Unreadable('broken');
      position = length === undefinedLength ? this.endOfItem(position, depth) : this.within(position + length);
    }
  }

  endOfItem(start: number, depth: number): number {
    for (let position = start; ;) {
      const element = this.header(position);
      if (element.tag === itemEnd) return element.offset;
      position = this.valueEnd(element, depth).next;
    }
  }

  #implicit(): Walk {
    const { buffer, byteOffset, byteLength } = this.#view;
    return new Walk(new Uint8Array(buffer, byteOffset, byteLength), this.#end, implicitLittleEndian);
  }

  #tag(at: number): number {
    const { littleEndian } = this.#encoding;
    return this.#view.getUint16(at, littleEndian) * 0x10000 + this.#view.getUint16(at + 2, littleEndian);
  }

  /** Two capital letters; where a writer slipped into Implicit VR, the bytes of a length are there instead. */
  #vr(at: number): string | undefined {
    const first = this.#view.getUint8(at);
    const second = this.#view.getUint8(at + 1);
    const isVr = first >= 0x41 && first <= 0x5a && second >= 0x41 && second <= 0x5a;
    return isVr ? String.fromCharCode(first, second) : undefined;
  }
}
