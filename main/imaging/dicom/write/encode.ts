import { Buffer } from 'node:buffer';
import { invariant } from '../../../../ml/check/invariant.ts';
import { type Encoding, wideVrs } from '../elements.ts';
import { type Tag, tags } from '../tags.ts';
import type { Attributes } from './attributes.ts';
import { decimalText } from './decimal.ts';
import { representations, type Vr, type WrittenKeyword } from './representations.ts';

const sizes = { UL: 4, US: 2 } as const;

const isWritten = (word: string): word is WrittenKeyword => Object.hasOwn(representations, word);

/** A data set as bytes (PS3.5 section 7), its elements sorted by tag, its text in UTF-8. */
export function encodeAttributes(attributes: Attributes, encoding: Encoding): Buffer {
  const words = Object.keys(attributes).filter(isWritten);
  words.sort((a, b) => (tags[a] < tags[b] ? -1 : 1));
  return Buffer.concat(
    words.map((word) => {
      const vr = representations[word];
      return encodeElement(tags[word], vr, encodeValue(word, vr, attributes[word] ?? [], encoding), encoding);
    }),
  );
}

/** One element with its value's bytes, whose length is even. */
export function encodeElement(tag: Tag, vr: string, value: Uint8Array, encoding: Encoding): Buffer {
  return Buffer.concat([elementHeader(tag, vr, value.length, encoding), value]);
}

/** An item of a sequence with its elements' bytes. */
export function encodeItem(content: Uint8Array, encoding: Encoding): Buffer {
  return encodeElement('fffee000', '', content, { ...encoding, explicit: false });
}

/**
 * The bytes before a value (PS3.5 section 7.1).
 *
 * @param length Of the value, bytes; 0xFFFFFFFF where a mark after it says that it ends.
 */
export function elementHeader(tag: Tag, vr: string, length: number, { explicit, littleEndian }: Encoding): Buffer {
  const isWide = !explicit || wideVrs.has(vr);
  invariant(isWide || length < 2 ** 16, `the value of (${tag}) does not fit in explicit VR ${vr}`);
  const header = Buffer.alloc(explicit && isWide ? 12 : 8);
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  view.setUint16(0, parseInt(tag.slice(0, 4), 16), littleEndian);
  view.setUint16(2, parseInt(tag.slice(4), 16), littleEndian);
  if (explicit) header.write(vr, 4, 'latin1');
  if (isWide) view.setUint32(header.length - 4, length, littleEndian);
  else view.setUint16(6, length, littleEndian);
  return header;
}

function encodeValue(word: WrittenKeyword, vr: Vr, value: Attributes[WrittenKeyword], encoding: Encoding): Buffer {
  const values: readonly (string | number | Attributes)[] =
    typeof value === 'object' ? value : value === undefined || value === '' ? [] : [value];
  if (vr === 'SQ') return Buffer.concat(values.map((item) => encodeItem(attributesOf(word, item, encoding), encoding)));
  if (vr === 'UL' || vr === 'US') return encodeNumbers(values.map(Number), sizes[vr], encoding);
  const texts = values.map((part) =>
    typeof part === 'number' && vr === 'DS' ? decimalText(part) : textOf(word, part),
  );
  if (vr === 'AT') return encodeNumbers(texts.flatMap(wordsOf), 2, encoding);
  return evenText(texts.join('\\'), vr);
}

/** Text in UTF-8, padded to an even length as its VR wants it (PS3.5 section 6.2). */
export function evenText(text: string, vr: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
}

function textOf(word: WrittenKeyword, value: string | number | Attributes): string {
  invariant(typeof value !== 'object', `a value of ${word} is a data set`);
  return String(value);
}

function attributesOf(word: WrittenKeyword, item: string | number | Attributes, encoding: Encoding): Buffer {
  invariant(typeof item === 'object', `an item of ${word} is no data set`);
  return encodeAttributes(item, encoding);
}

function encodeNumbers(values: readonly number[], size: 2 | 4, { littleEndian }: Encoding): Buffer {
  const bytes = Buffer.alloc(values.length * size);
  for (const [n, value] of values.entries()) {
    if (littleEndian) bytes.writeUIntLE(value, n * size, size);
    else bytes.writeUIntBE(value, n * size, size);
  }
  return bytes;
}

const wordsOf = (tag: string): readonly number[] => [parseInt(tag.slice(0, 4), 16), parseInt(tag.slice(4), 16)];
