import { Buffer } from 'node:buffer';
import { invariant } from '../../../../ml/check/invariant.ts';
import { type Tag, tags } from '../tags.ts';
import type { Attributes } from './attributes.ts';
import { decimalText } from './decimal.ts';
import { representations, type Vr, type WrittenKeyword } from './representations.ts';

export type Encoding = 'explicit' | 'implicit';

const sizes = { UL: 4, US: 2 } as const;

const isWritten = (word: string): word is WrittenKeyword => Object.hasOwn(representations, word);

/** A data set as little-endian bytes (PS3.5 section 7), its elements sorted by tag, its text in UTF-8. */
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
export function encodeElement(tag: Tag, vr: Vr | 'OB', value: Uint8Array, encoding: Encoding): Buffer {
  return Buffer.concat([elementHeader(tag, vr, value.length, encoding), value]);
}

/** The bytes before a value of `length` bytes (PS3.5 section 7.1). */
export function elementHeader(tag: Tag, vr: Vr | 'OB', length: number, encoding: Encoding): Buffer {
  const isLong = vr === 'SQ' || vr === 'OB';
  const header = Buffer.alloc(encoding === 'explicit' && isLong ? 12 : 8);
  header.writeUInt16LE(parseInt(tag.slice(0, 4), 16), 0);
  header.writeUInt16LE(parseInt(tag.slice(4), 16), 2);
  if (encoding === 'implicit') {
    header.writeUInt32LE(length, 4);
    return header;
  }
  header.write(vr, 4, 'latin1');
  if (isLong) {
    header.writeUInt32LE(length, 8);
    return header;
  }
  invariant(length < 2 ** 16, `the value of (${tag}) does not fit in explicit VR ${vr}`);
  header.writeUInt16LE(length, 6);
  return header;
}

function encodeValue(word: WrittenKeyword, vr: Vr, value: Attributes[WrittenKeyword], encoding: Encoding): Buffer {
  const values: readonly (string | number | Attributes)[] =
    typeof value === 'object' ? value : value === undefined || value === '' ? [] : [value];
  if (vr === 'SQ') return Buffer.concat(values.map((item) => encodeItem(word, item, encoding)));
  if (vr === 'UL' || vr === 'US') return encodeNumbers(vr, values.map(Number));
  const texts = values.map((part) =>
    typeof part === 'number' && vr === 'DS' ? decimalText(part) : textOf(word, part),
  );
  if (vr === 'AT') return Buffer.concat(texts.map(encodeTag));
  const bytes = Buffer.from(texts.join('\\'), 'utf8');
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
}

function textOf(word: WrittenKeyword, value: string | number | Attributes): string {
  invariant(typeof value !== 'object', `a value of ${word} is a data set`);
  return String(value);
}

function encodeItem(word: WrittenKeyword, item: string | number | Attributes, encoding: Encoding): Buffer {
  invariant(typeof item === 'object', `an item of ${word} is no data set`);
  const content = encodeAttributes(item, encoding);
  const header = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content]);
}

function encodeNumbers(vr: keyof typeof sizes, values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * sizes[vr]);
  for (const [n, value] of values.entries()) bytes.writeUIntLE(value, n * sizes[vr], sizes[vr]);
  return bytes;
}

function encodeTag(tag: string): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(parseInt(tag.slice(0, 4), 16), 0);
  bytes.writeUInt16LE(parseInt(tag.slice(4), 16), 2);
  return bytes;
}
