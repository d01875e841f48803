import type { RawFrame } from '../rawFrame.ts';
import { BitReader, type HuffmanTable } from './huffman.ts';
import { Tables } from './tables.ts';

// JPEG lossless (ITU-T T.81 annex H): process 14 with any predictor, 2 to 16 bits.

interface Frame {
  readonly precision: number;
  readonly rows: number;
  readonly columns: number;
  readonly components: readonly number[];
}

/**
 * The size must have been checked: memory for it is allocated at once.
 *
 * @throws Error where the stream is damaged, or is of a kind that we do not decode.
 */
export function decodeLosslessJpeg(bytes: Uint8Array): RawFrame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Tables();
  let frame: Frame | undefined;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) throw new Error('a marker is missing');
    const marker = bytes[at + 1]!;
    const end = at + 2 + view.getUint16(at + 2);
    if (marker === 0xc3) frame = readFrame(view, at + 4);
    else if (marker === 0xda) {
      if (frame === undefined) throw new Error('there is no frame header');
      return decodeScan(bytes, { view, at: at + 4, end }, frame, tables);
    } else tables.read(view, marker, at + 4, end);
    at = marker === 0xff ? at + 1 : end;
  }
  throw new Error('there is no picture');
}

function readFrame(view: DataView, at: number): Frame {
  const components = Array.from({ length: view.getUint8(at + 5) }, (_, index) => view.getUint8(at + 6 + index * 3));
  const isSampled = components.some((_, index) => view.getUint8(at + 7 + index * 3) !== 0x11);
  if (isSampled && components.length > 1) throw new Error('components of different sizes');
  const [rows, columns] = [view.getUint16(at + 1), view.getUint16(at + 3)];
  return { precision: view.getUint8(at), rows, columns, components };
}

interface ScanPlace {
  readonly view: DataView;
  readonly at: number;
  readonly end: number;
}

function decodeScan(bytes: Uint8Array, { view, at, end }: ScanPlace, frame: Frame, tables: Tables): RawFrame {
  const { precision, rows, columns, components } = frame;
  const samples = components.length;
  if (view.getUint8(at) !== samples) throw new Error('components in scans of their own');
  const huffman = components.map((_, index) => tables.huffman.get(view.getUint8(at + 2 + index * 2) >> 4));
  const selection = view.getUint8(at + 1 + samples * 2);
  const shift = view.getUint8(at + 3 + samples * 2) & 15;
  // Each sample takes a bit at least.
  if (rows * columns * samples > bytes.length * 8) throw new Error('too few bytes for its size');
  const values = new Uint16Array(rows * columns * samples);
  const bits = new BitReader(bytes, end);
  const initial = 2 ** (precision - shift - 1);
  const rowsAtOnce = tables.restartInterval === 0 ? rows : Math.max(1, Math.floor(tables.restartInterval / columns));
  for (let row = 0; row < rows; row++) {
    const isFirst = row % rowsAtOnce === 0;
    if (isFirst && row > 0) bits.restart();
    readRow(bits, values, { row, columns, samples, isFirst, huffman, selection, initial });
  }
  if (shift > 0) for (let i = 0; i < values.length; i++) values[i]! <<= shift;
  const isNarrow = precision <= 8;
  const packed = isNarrow ? Uint8Array.from(values) : new Uint8Array(values.buffer);
  return { bytes: packed, rows, columns, samples, precision, isSigned: false, isPlanar: false, isLossy: false };
}

interface Row {
  readonly row: number;
  readonly columns: number;
  readonly samples: number;
  /** The first, or the first after a restart: predicted from its own samples alone. */
  readonly isFirst: boolean;
  readonly huffman: readonly (HuffmanTable | undefined)[];
  readonly selection: number;
  readonly initial: number;
}

function readRow(bits: BitReader, values: Uint16Array, row: Row): void {
  const { columns, samples, isFirst, huffman, selection, initial } = row;
  const across = columns * samples;
  const start = row.row * across;
  for (let i = 0; i < across; i++) {
    const table = huffman[i % samples];
    if (table === undefined) throw new Error('a table is missing');
    const at = start + i;
    const size = bits.symbol(table);
    // Table H.2: the one difference of 16 bits takes no further ones.
    const difference = size === 16 ? 32768 : bits.receiveSigned(size & 15);
    let prediction: number;
    if (i < samples) prediction = isFirst ? initial : values[at - across]!;
    else if (isFirst) prediction = values[at - samples]!;
    else prediction = predict(selection, values[at - samples]!, values[at - across]!, values[at - across - samples]!);
    values[at] = prediction + difference;
  }
}

/** Table H.1. */
function predict(selection: number, left: number, above: number, corner: number): number {
  switch (selection) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return corner;
    case 4:
      return left + above - corner;
    case 5:
      return left + ((above - corner) >> 1);
    case 6:
      return above + ((left - corner) >> 1);
    case 7:
      return (left + above) >> 1;
    default:
      throw new Error('a predictor that does not exist');
  }
}
