import { Buffer } from 'node:buffer';
import { product } from '../../../product/product.ts';
import { type Encoding, explicitLittleEndian } from '../elements.ts';
import { tags } from '../tags.ts';
import { nativeSyntax } from '../transferSyntax.ts';
import type { Attributes } from './attributes.ts';
import { elementHeader, encodeAttributes, encodeElement, evenText } from './encode.ts';

/** Identifies this writer (PS3.7 D.3.3.2), one for all its versions. */
const implementationClass = '2.25.145915933981206162359909160600925107960';

/** Pixel data that follow a data set, unencapsulated. */
export interface PixelBytes {
  /** Of all chunks together, bytes. */
  readonly length: number;
  readonly chunks: Iterable<Uint8Array>;
}

/** The bytes of a DICOM file (PS3.10 section 7), in pieces. */
export function* fileBytes(attributes: Attributes, encoding: Encoding, pixels?: PixelBytes): Generator<Uint8Array> {
  const { SOPClassUID, SOPInstanceUID } = attributes;
  yield fileStart(String(SOPClassUID), String(SOPInstanceUID), nativeSyntax(encoding).uid);
  yield encodeAttributes({ SpecificCharacterSet: 'ISO_IR 192', ...attributes }, encoding);
  if (pixels === undefined) return;
  yield elementHeader(tags.PixelData, 'OB', pixels.length + (pixels.length % 2), encoding);
  yield* pixels.chunks;
  if (pixels.length % 2 === 1) yield Uint8Array.of(0);
}

/** Preamble and file meta information (PS3.10 section 7.1) of an object of these UIDs. */
export function fileStart(sopClass: string, instance: string, transferSyntax: string): Buffer {
  const element = (tag: string, vr: string, value: Uint8Array) => encodeElement(tag, vr, value, explicitLittleEndian);
  const elements = [
    element('00020001', 'OB', Uint8Array.of(0, 1)),
    element('00020002', 'UI', evenText(sopClass, 'UI')),
    element('00020003', 'UI', evenText(instance, 'UI')),
    element('00020010', 'UI', evenText(transferSyntax, 'UI')),
    element('00020012', 'UI', evenText(implementationClass, 'UI')),
    element('00020013', 'SH', evenText(`SFUMATO ${product.version}`.slice(0, 16), 'SH')),
  ];
  const meta = Buffer.concat(elements);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), element('00020000', 'UL', length), meta]);
}
