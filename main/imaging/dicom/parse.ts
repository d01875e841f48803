import { Buffer } from 'node:buffer';
import { type DecodeText, decodeUndeclared, textDecoder } from './charset.ts';
import type { Dataset } from './dataset.ts';
import { type Element, type Encoding, encodingOfItems, isSequence, readElements, readItems } from './elements.ts';
import { implicitVr } from './implicitVr.ts';
import { type Tag, tags } from './tags.ts';

/** What an item takes from the object that it is in, unless it says otherwise. */
interface Inherited {
  readonly decodeText: DecodeText;
  /** Pixel Representation (0028,0103) is 1. */
  readonly signed: boolean;
}

/** VRs in the character set of the object (PS3.5 section 6.1.2.3); implicit text of unknown VR counts too. */
const internationalVrs = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT', undefined]);
/** VRs in which a backslash is text. */
const undividedVrs = new Set(['LT', 'ST', 'UR', 'UT']);
const textVrs = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT'.split(' '));

type ReadNumber = (view: DataView, at: number, littleEndian: boolean) => number;
const uint16: ReadNumber = (view, at, little) => view.getUint16(at, little);
const int16: ReadNumber = (view, at, little) => view.getInt16(at, little);
const uint32: ReadNumber = (view, at, little) => view.getUint32(at, little);
const int32: ReadNumber = (view, at, little) => view.getInt32(at, little);
const float32: ReadNumber = (view, at, little) => view.getFloat32(at, little);
const float64: ReadNumber = (view, at, little) => view.getFloat64(at, little);
const uint64: ReadNumber = (view, at, little) => Number(view.getBigUint64(at, little));
const int64: ReadNumber = (view, at, little) => Number(view.getBigInt64(at, little));

const numberVrs: Readonly<Record<string, { readonly size: number; readonly read: ReadNumber }>> = {
  US: { size: 2, read: uint16 },
  SS: { size: 2, read: int16 },
  UL: { size: 4, read: uint32 },
  SL: { size: 4, read: int32 },
  UV: { size: 8, read: uint64 },
  SV: { size: 8, read: int64 },
  FL: { size: 4, read: float32 },
  FD: { size: 8, read: float64 },
  OB: { size: 1, read: (view, at) => view.getUint8(at) },
  OW: { size: 2, read: uint16 },
  OL: { size: 4, read: uint32 },
  OF: { size: 4, read: float32 },
  OD: { size: 8, read: float64 },
  OV: { size: 8, read: uint64 },
};

/** PS3.3 section C.11.1.1.1: the number of entries and of bits are unsigned, whatever the VR of the descriptor. */
const lookupDescriptors = new Set(['00281101', '00281102', '00281103', '00281104', '00283002']);

/** Elements that were found in bytes, as a `Dataset`. Values and sequences are read when they are asked for. */
export class ParsedDataset implements Dataset {
  readonly #bytes: Uint8Array;
  readonly #elements: ReadonlyMap<Tag, Element>;
  readonly #encoding: Encoding;
  readonly #inherited: Inherited;

  constructor(
    bytes: Uint8Array,
    elements: ReadonlyMap<Tag, Element>,
    encoding: Encoding,
    inherited: Inherited = { decodeText: decodeUndeclared, signed: false },
  ) {
    this.#bytes = bytes;
    this.#elements = elements;
    this.#encoding = encoding;
    this.#inherited = inherited;
    const terms = this.texts(tags.SpecificCharacterSet);
    const representation = this.number(tags.PixelRepresentation);
    this.#inherited = {
      decodeText: terms.length > 0 ? textDecoder(terms) : inherited.decodeText,
      signed: representation === undefined ? inherited.signed : representation === 1,
    };
  }

  has(tag: Tag): boolean {
    return this.#elements.has(tag);
  }

  vr(tag: Tag): string | undefined {
    const element = this.#elements.get(tag);
    return element && this.#vr(element);
  }

  text(tag: Tag): string | undefined {
    const first = this.texts(tag)[0];
    return first === '' ? undefined : first;
  }

  texts(tag: Tag): readonly string[] {
    const element = this.#find(tag);
    const vr = element && this.#vr(element);
    if (
      element === undefined ||
      (vr !== undefined && !textVrs.has(vr)) ||
      isSequence(this.#bytes, element, this.#encoding)
    )
      return [];
    const value = this.#value(element);
    const text = internationalVrs.has(vr) ? this.#inherited.decodeText(value) : asciiOf(value);
    if (trimmed(text) === '') return [];
    return undividedVrs.has(vr ?? '') ? [text.replace(/[ \0]+$/, '')] : text.split('\\').map(trimmed);
  }

  number(tag: Tag): number | undefined {
    const first = this.numbers(tag)[0];
    return Number.isNaN(first) ? undefined : first;
  }

  numbers(tag: Tag): readonly number[] {
    const element = this.#find(tag);
    if (element === undefined || isSequence(this.#bytes, element, this.#encoding)) return [];
    const form = numberVrs[this.#vr(element) ?? ''];
    if (form === undefined) return this.texts(tag).map((text) => (text === '' ? Number.NaN : Number(text)));
    const value = this.#value(element);
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    const { littleEndian } = this.#encoding;
    const numbers = Array.from({ length: Math.floor(value.length / form.size) }, (_, index) =>
      form.read(view, index * form.size, littleEndian),
    );
    return lookupDescriptors.has(tag) ? numbers.map((n, index) => (index === 1 ? n : n & 0xffff)) : numbers;
  }

  tags(tag: Tag): readonly Tag[] {
    const element = this.#find(tag);
    if (element === undefined || this.#vr(element) !== 'AT') return [];
    const { offset, length } = element;
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + offset, length);
    const word = (at: number) => view.getUint16(at, this.#encoding.littleEndian).toString(16).padStart(4, '0');
    return Array.from({ length: Math.floor(length / 4) }, (_, index) => word(index * 4) + word(index * 4 + 2));
  }

  items(tag: Tag): readonly Dataset[] {
    const element = this.#find(tag);
    if (element === undefined || !isSequence(this.#bytes, element, this.#encoding)) return [];
    const { offset, length } = element;
    const encoding = encodingOfItems(element, this.#encoding);
    const { items } = readItems(this.#bytes, { start: offset, end: offset + length, encoding });
    return items.map(
      (item) => new ParsedDataset(this.#bytes, readElements(this.#bytes, item).byTag, encoding, this.#inherited),
    );
  }

  bytes(tag: Tag): Uint8Array | undefined {
    const element = this.#find(tag);
    return element === undefined || isSequence(this.#bytes, element, this.#encoding) ? undefined : this.#value(element);
  }

  #find(tag: Tag): Element | undefined {
    const element = this.#elements.get(tag);
    return element?.length === 0 ? undefined : element;
  }

  #value({ offset, length }: Element): Uint8Array {
    return this.#bytes.subarray(offset, offset + length);
  }

  #vr({ tag, vr }: Element): string | undefined {
    const known = vr === undefined || vr === 'UN' ? implicitVr(tag) : vr;
    if (known !== 'XS') return known;
    return this.#inherited.signed ? 'SS' : 'US';
  }
}

/** Bytes beyond ASCII, which are not allowed, as Latin-1. */
function asciiOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1');
}

/** Without the padding, which most values have not. */
function trimmed(text: string): string {
  return /^[ \0]|[ \0]$/.test(text) ? text.replace(/^[ \0]+|[ \0]+$/g, '') : text;
}
