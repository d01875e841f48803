import { Problem } from '../../../ml/check/problem.ts';
import { type ByteReader, deflateReader, fileReader, gzipReader, memoryReader } from './byteReader.ts';
import type { Dataset } from './dataset.ts';
import { type Element, type Elements, type Encoding, explicitLittleEndian, readElements } from './elements.ts';
import { ParsedDataset } from './parse.ts';
import { guessEncoding, isDicom, metaStart } from './recognise.ts';
import { SpareBuffers } from './spareBuffers.ts';
import { type Tag, tags } from './tags.ts';
import { type TransferSyntax, nativeSyntax, transferSyntaxOf } from './transferSyntax.ts';

/** Where the pixel data of an object lies. */
export interface PixelElement {
  readonly attribute: 'PixelData' | 'FloatPixelData' | 'DoubleFloatPixelData';
  /** `undefined` in Implicit VR, which means OW. */
  readonly vr: string | undefined;
  /** Of the value, among the bytes that `DicomObject.bytes` gives. */
  readonly offset: number;
  /** As the file claims; `undefined` for encapsulated frames, which only their own items delimit. */
  readonly length: number | undefined;
}

/** One DICOM file, read up to its pixel data. */
export interface DicomObject {
  readonly path: string;
  /** Group 0002; empty where the file has none. */
  readonly meta: Dataset;
  readonly dataset: Dataset;
  readonly transferSyntax: TransferSyntax;
  /** How the data set is written indeed, whatever its transfer syntax says. */
  readonly encoding: Encoding;
  /** Absent where the object has none: a report, an RTSTRUCT, a file that was cut off. */
  readonly pixels: PixelElement | undefined;
  readonly bytes: ByteReader;
  /** Where the data set begins, among the bytes that `bytes` gives. */
  readonly start: number;
  /** What is wrong with the file, for a person to read; the path is not in it. */
  readonly warnings: readonly string[];
}

/** A file, or the bytes of one that lies in an archive and the path to call it by. */
export type DicomSource = string | { readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> };

export interface ReadOptions {
  /** Whether the pixel data will be read too: then the whole file is read at once, else only what comes before it. */
  readonly pixels: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads an object, with or without preamble, file meta information or transfer syntax, in a gzip file or not.
 *
 * @throws Problem `data` where the file cannot be read or is no DICOM.
 */
export async function readDicomObject(source: DicomSource, options: ReadOptions): Promise<DicomObject> {
  const object = await findDicomObject(source, options);
  if (object !== undefined) return object;
  const path = typeof source === 'string' ? source : source.path;
  throw new Problem('data', 'this is no DICOM file', path, 'Name a file that a scanner, a PACS or a DICOM tool wrote.');
}

/** As `readDicomObject`; `undefined` for a file that is something else, found out from its first bytes. */
export async function findDicomObject(source: DicomSource, options: ReadOptions): Promise<DicomObject | undefined> {
  options.signal?.throwIfAborted();
  const path = typeof source === 'string' ? source : source.path;
  const reader = typeof source === 'string' ? fileReader(source) : memoryReader(source.bytes);
  let block: ArrayBuffer | undefined;
  const take = (bytes: number) => (block = headerBlocks.take(bytes));
  try {
    let start = await (options.pixels ? reader.read(0, wholeFile) : reader.read(0, headerSize, take));
    let unpacked = reader;
    if (typeof source === 'string' && start[0] === 0x1f && start[1] === 0x8b) {
      unpacked = gzipReader(source);
      start = await unpacked.read(0, headerSize);
    }
    if (!isDicom(start)) return undefined;
    const isWhole = options.pixels && !unpacked.isCompressed && start.length < wholeFile;
    return describe(path, await parseFile(isWhole ? memoryReader(start) : unpacked, start));
  } finally {
    if (block !== undefined) headerBlocks.give(block);
  }
}

/** For the starts of files, of which only what is header is kept. */
const headerBlocks = new SpareBuffers();

/** Holds nearly every header of a single frame. */
const headerSize = 1 << 15;
/** Larger files are read frame by frame. */
const wholeFile = 2 ** 30;
/** No header is larger than these; a gzip or deflate bomb would be. */
const mostHeader = { stored: 2 ** 30, compressed: 2 ** 27 };

interface ParsedFile {
  readonly meta: Dataset;
  readonly syntax: string | undefined;
  readonly encoding: Encoding;
  readonly elements: Elements;
  readonly start: number;
  /** What `elements` were found in, and what gives more of it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly reader: ByteReader;
}

async function parseFile(reader: ByteReader, start: Uint8Array<ArrayBuffer>): Promise<ParsedFile> {
  const metaElements = readElements(
    start,
    { start: metaStart(start), end: start.length, encoding: explicitLittleEndian },
    (tag) => tag >= '0003',
  );
  const meta = new ParsedDataset(start.slice(0, metaElements.end), metaElements.byTag, explicitLittleEndian);
  const syntax = meta.text(tags.TransferSyntaxUID);
  if (syntax === undefined || !transferSyntaxOf(syntax).isDeflated) {
    const stated = syntax === undefined ? explicitLittleEndian : transferSyntaxOf(syntax).encoding;
    const encoding = guessEncoding(start, metaElements.end, stated) ?? stated;
    const header = await parseHeader(reader, start, metaElements.end, encoding);
    return { meta, syntax, encoding, reader, start: metaElements.end, ...header };
  }
  const inflated = deflateReader((await reader.read(0, wholeFile)).subarray(metaElements.end));
  const encoding = explicitLittleEndian;
  const first = await inflated.read(0, headerSize);
  return { meta, syntax, encoding, reader: inflated, start: 0, ...(await parseHeader(inflated, first, 0, encoding)) };
}

/** Reads on until the pixel data comes, or the end. */
async function parseHeader(reader: ByteReader, first: Uint8Array<ArrayBuffer>, start: number, encoding: Encoding) {
  const most = reader.isCompressed ? mostHeader.compressed : mostHeader.stored;
  let bytes = first;
  for (let length = Math.max(headerSize, first.length); ; length *= 8) {
    const elements = readElements(bytes, { start, end: bytes.length, encoding }, (tag) => pixelAttributes.has(tag));
    if (elements.stop !== undefined || bytes.length < length || length >= most) return { elements, bytes };
    bytes = await reader.read(0, length * 8);
  }
}

function describe(path: string, { meta, syntax, encoding, elements, start, bytes, reader }: ParsedFile): DicomObject {
  const transferSyntax = syntax === undefined ? nativeSyntax(encoding) : transferSyntaxOf(syntax);
  const isInBlock = elements.end <= headerSize;
  const header = isInBlock || bytes.length > 2 * elements.end ? bytes.slice(0, elements.end) : bytes;
  const pixels = elements.stop && pixelElement(elements.stop);
  const warnings = warningsAbout(syntax, encoding, elements);
  const dataset = new ParsedDataset(header, elements.byTag, encoding);
  return { path, meta, dataset, transferSyntax, encoding, pixels, bytes: reader, start, warnings };
}

const pixelAttributes = new Map<Tag, PixelElement['attribute']>([
  ['7fe00008', 'FloatPixelData'],
  ['7fe00009', 'DoubleFloatPixelData'],
  ['7fe00010', 'PixelData'],
]);

function pixelElement({ tag, vr, offset, length, isUndefined }: Element): PixelElement | undefined {
  const attribute = pixelAttributes.get(tag);
  return attribute && { attribute, vr, offset, length: isUndefined ? undefined : length };
}

function warningsAbout(syntax: string | undefined, encoding: Encoding, { isWhole }: Elements): string[] {
  const warnings: string[] = [];
  if (syntax === undefined) {
    warnings.push(`the file does not name its transfer syntax; it reads as ${nativeSyntax(encoding).name}`);
  } else {
    const stated = transferSyntaxOf(syntax).encoding;
    if (stated.explicit !== encoding.explicit || stated.littleEndian !== encoding.littleEndian)
      warnings.push(`the file says ${transferSyntaxOf(syntax).name}, and is ${nativeSyntax(encoding).name}`);
  }
  if (!isWhole) warnings.push('the header is cut off or damaged; what follows was not read');
  return warnings;
}
