import { Buffer } from 'node:buffer';
import { product } from '../../../product/product.ts';
import { tags } from '../tags.ts';
import type { Attributes } from './attributes.ts';
import { elementHeader, encodeAttributes, encodeElement, type Encoding } from './encode.ts';

const transferSyntaxes: Record<Encoding, string> = { explicit: '1.2.840.10008.1.2.1', implicit: '1.2.840.10008.1.2' };

/** Identifies this writer (PS3.7 D.3.3.2), one for all its versions. */
const implementationClass = '2.25.145915933981206162359909160600925107960';

/** Pixel data that follow a data set, unencapsulated. */
export interface PixelBytes {
  /** Of all chunks together, bytes. */
  readonly length: number;
  readonly chunks: Iterable<Uint8Array>;
}

/** The bytes of a DICOM file in little endian (PS3.10 section 7), in pieces. */
export function* fileBytes(attributes: Attributes, encoding: Encoding, pixels?: PixelBytes): Generator<Uint8Array> {
  yield prefix(attributes, transferSyntaxes[encoding]);
  yield encodeAttributes({ SpecificCharacterSet: 'ISO_IR 192', ...attributes }, encoding);
  if (pixels === undefined) return;
  yield elementHeader(tags.PixelData, 'OB', pixels.length + (pixels.length % 2), encoding);
  yield* pixels.chunks;
  if (pixels.length % 2 === 1) yield Uint8Array.of(0);
}

/** Preamble and file meta information (PS3.10 section 7.1). */
function prefix({ SOPClassUID, SOPInstanceUID }: Attributes, transferSyntax: string): Buffer {
  const uid = (value: unknown) => Buffer.from(String(value) + (String(value).length % 2 === 1 ? '\0' : ''), 'latin1');
  const version = `SFUMATO ${product.version}`.slice(0, 16);
  const elements = [
    encodeElement('00020001', 'OB', Uint8Array.of(0, 1), 'explicit'),
    encodeElement('00020002', 'UI', uid(SOPClassUID), 'explicit'),
    encodeElement('00020003', 'UI', uid(SOPInstanceUID), 'explicit'),
    encodeElement('00020010', 'UI', uid(transferSyntax), 'explicit'),
    encodeElement('00020012', 'UI', uid(implementationClass), 'explicit'),
    encodeElement('00020013', 'SH', Buffer.from(version.padEnd(version.length + (version.length % 2))), 'explicit'),
  ];
  const meta = Buffer.concat(elements);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    encodeElement('00020000', 'UL', length, 'explicit'),
    meta,
  ]);
}
