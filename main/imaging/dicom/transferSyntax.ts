import { type Encoding, explicitLittleEndian, implicitLittleEndian } from './elements.ts';

/** What turns the bytes of a frame into samples; `unsupported` is named in the error. */
export type Codec = 'native' | 'deflate' | 'rle' | 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k' | 'unsupported';

/** How an object is written down (PS3.5 section 10 and annex A). */
export interface TransferSyntax {
  readonly uid: string;
  /** PS3.6 table A-1, without what stands in brackets there. */
  readonly name: string;
  readonly encoding: Encoding;
  /** The whole data set is a deflate stream. */
  readonly isDeflated: boolean;
  readonly codec: Codec;
  /** The samples may differ from those that were first stored. */
  readonly isLossy: boolean;
}

type Row = readonly [uid: string, name: string, codec: Codec, loss?: 'lossy'];

const compressed: readonly Row[] = [
  ['1.2.840.10008.1.2.4.50', 'JPEG Baseline', 'jpeg', 'lossy'],
  ['1.2.840.10008.1.2.4.51', 'JPEG Extended', 'jpeg', 'lossy'],
  ['1.2.840.10008.1.2.4.53', 'JPEG Spectral Selection, Non-Hierarchical', 'jpeg', 'lossy'],
  ['1.2.840.10008.1.2.4.55', 'JPEG Full Progression, Non-Hierarchical', 'jpeg', 'lossy'],
  ['1.2.840.10008.1.2.4.57', 'JPEG Lossless, Non-Hierarchical', 'jpeg'],
  ['1.2.840.10008.1.2.4.70', 'JPEG Lossless, Non-Hierarchical, First-Order Prediction', 'jpeg'],
  ['1.2.840.10008.1.2.4.80', 'JPEG-LS Lossless', 'jpeg-ls'],
  ['1.2.840.10008.1.2.4.81', 'JPEG-LS Lossy', 'jpeg-ls', 'lossy'],
  ['1.2.840.10008.1.2.4.90', 'JPEG 2000 Lossless', 'jpeg-2000'],
  ['1.2.840.10008.1.2.4.91', 'JPEG 2000', 'jpeg-2000', 'lossy'],
  ['1.2.840.10008.1.2.4.92', 'JPEG 2000 Part 2 Multi-component Lossless', 'unsupported'],
  ['1.2.840.10008.1.2.4.93', 'JPEG 2000 Part 2 Multi-component', 'unsupported', 'lossy'],
  ['1.2.840.10008.1.2.4.100', 'MPEG2 Main Profile / Main Level', 'unsupported', 'lossy'],
  ['1.2.840.10008.1.2.4.101', 'MPEG2 Main Profile / High Level', 'unsupported', 'lossy'],
  ['1.2.840.10008.1.2.4.102', 'MPEG-4 AVC/H.264 High Profile', 'unsupported', 'lossy'],
  ['1.2.840.10008.1.2.4.103', 'MPEG-4 AVC/H.264 BD-compatible High Profile', 'unsupported', 'lossy'],
  ['1.2.840.10008.1.2.4.107', 'HEVC/H.265 Main Profile', 'unsupported', 'lossy'],
  ['1.2.840.10008.1.2.4.108', 'HEVC/H.265 Main 10 Profile', 'unsupported', 'lossy'],
  ['1.2.840.10008.1.2.4.110', 'JPEG XL Lossless', 'unsupported'],
  ['1.2.840.10008.1.2.4.111', 'JPEG XL JPEG Recompression', 'unsupported', 'lossy'],
  ['1.2.840.10008.1.2.4.112', 'JPEG XL', 'unsupported', 'lossy'],
  ['1.2.840.10008.1.2.4.201', 'High-Throughput JPEG 2000 Lossless', 'htj2k'],
  ['1.2.840.10008.1.2.4.202', 'High-Throughput JPEG 2000 with RPCL Options Lossless', 'htj2k'],
  ['1.2.840.10008.1.2.4.203', 'High-Throughput JPEG 2000', 'htj2k', 'lossy'],
  ['1.2.840.10008.1.2.5', 'RLE Lossless', 'rle'],
  ['1.2.840.10008.1.2.8.1', 'Deflated Image Frame Compression', 'deflate'],
  ['1.2.840.10008.1.2.1.98', 'Encapsulated Uncompressed Explicit VR Little Endian', 'native'],
];

const native = { isDeflated: false, codec: 'native', isLossy: false } as const;

const syntaxes: readonly TransferSyntax[] = [
  { uid: '1.2.840.10008.1.2', name: 'Implicit VR Little Endian', encoding: implicitLittleEndian, ...native },
  { uid: '1.2.840.10008.1.2.1', name: 'Explicit VR Little Endian', encoding: explicitLittleEndian, ...native },
  {
    uid: '1.2.840.10008.1.2.1.99',
    name: 'Deflated Explicit VR Little Endian',
    encoding: explicitLittleEndian,
    ...native,
    isDeflated: true,
  },
  {
    uid: '1.2.840.10008.1.2.2',
    name: 'Explicit VR Big Endian',
    encoding: { explicit: true, littleEndian: false },
    ...native,
  },
  ...compressed.map(([uid, name, codec, loss]) => ({
    uid,
    name,
    encoding: explicitLittleEndian,
    isDeflated: false,
    codec,
    isLossy: loss === 'lossy',
  })),
];

const byUid: ReadonlyMap<string, TransferSyntax> = new Map(syntaxes.map((syntax) => [syntax.uid, syntax]));

/** @returns An `unsupported` syntax for a UID that is not in the standard, or too new for us. */
export function transferSyntaxOf(uid: string): TransferSyntax {
  const unknown = { name: `transfer syntax ${uid}`, encoding: explicitLittleEndian, isDeflated: false } as const;
  return byUid.get(uid) ?? { uid, ...unknown, codec: 'unsupported', isLossy: true };
}

/** The uncompressed syntax of an encoding, for an object that does not name its own. */
export function nativeSyntax({ explicit, littleEndian }: Encoding): TransferSyntax {
  if (!explicit) return transferSyntaxOf('1.2.840.10008.1.2');
  return transferSyntaxOf(littleEndian ? '1.2.840.10008.1.2.1' : '1.2.840.10008.1.2.2');
}
