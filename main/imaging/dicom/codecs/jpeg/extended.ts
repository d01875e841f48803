import type { RawFrame } from '../rawFrame.ts';
import { inverseCosine } from './cosine.ts';
import { BitReader } from './huffman.ts';
import { readScan } from './scan.ts';
import { Tables } from './tables.ts';

// JPEG of 12 bits, sequential and progressive (ITU-T T.81): processes 2 and 4, 6 and 8, 10 and 12. No kept package decodes it for us.

/** More than any encoder makes of one component; a short file of very many scans would keep us busy for hours. */
const mostScans = 200;

interface State {
  readonly view: DataView;
  readonly tables: Tables;
  frame: Frame | undefined;
}

interface Frame {
  readonly isProgressive: boolean;
  readonly precision: number;
  readonly rows: number;
  readonly columns: number;
  readonly blocksAcross: number;
  readonly table: number;
  readonly coefficients: Int32Array;
}

/**
 * One component of 8 or 12 bits. The size must have been checked: memory for it is allocated at once.
 *
 * @throws Error where the stream is damaged, or is of a kind that we do not decode.
 */
export function decodeExtendedJpeg(bytes: Uint8Array): RawFrame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const state: State = { view, tables: new Tables(), frame: undefined };
  let scans = 0;
  for (let at = 2; at + 4 <= bytes.length && bytes[at + 1] !== 0xd9;) {
    if (bytes[at] !== 0xff) throw new Error('a marker is missing');
    const marker = bytes[at + 1]!;
    const end = at + 2 + view.getUint16(at + 2);
    if (marker === 0xff) at++;
    else if (marker === 0xda) {
      if (++scans > mostScans) throw new Error('too many scans');
      at = decodeScan(state, bytes, at + 4, end);
    } else {
      if (marker === 0xc0 || marker === 0xc1 || marker === 0xc2) state.frame = readFrame(view, marker, at + 4);
      state.tables.read(view, marker, at + 4, end);
      at = end;
    }
  }
  if (state.frame === undefined || scans === 0) throw new Error('there is no picture');
  return render(state.tables, state.frame);
}

function readFrame(view: DataView, marker: number, start: number): Frame {
  if (view.getUint8(start + 5) !== 1) throw new Error('more than one component of 12 bits');
  const rows = view.getUint16(start + 1);
  const columns = view.getUint16(start + 3);
  const blocksAcross = Math.ceil(columns / 8);
  const blocks = blocksAcross * Math.ceil(rows / 8);
  // The first coefficient of each block takes a bit at least.
  if (blocks > view.byteLength * 8) throw new Error('too few bytes for its size');
  return {
    isProgressive: marker === 0xc2,
    precision: view.getUint8(start),
    rows,
    columns,
    blocksAcross,
    table: view.getUint8(start + 8),
    coefficients: new Int32Array(blocks * 64),
  };
}

/** @returns Where the next marker is. */
function decodeScan({ view, tables, frame }: State, bytes: Uint8Array, start: number, end: number): number {
  if (frame === undefined || view.getUint8(start) !== 1) throw new Error('a scan of more than one component');
  const selected = view.getUint8(start + 2);
  // Table B.3: a sequential scan has all 64, and encoders that say otherwise are known (the JPLY pictures of NEMA WG-04).
  const spectralEnd = frame.isProgressive ? view.getUint8(start + 4) : 63;
  const approximation = view.getUint8(start + 5);
  if (spectralEnd > 63) throw new Error('more coefficients than a block has');
  const bits = new BitReader(bytes, end);
  readScan(bits, frame.coefficients, {
    isProgressive: frame.isProgressive,
    spectralStart: view.getUint8(start + 3),
    spectralEnd,
    high: frame.isProgressive ? approximation >> 4 : 0,
    low: frame.isProgressive ? approximation & 15 : 0,
    dcTable: tables.huffman.get(selected >> 4),
    acTable: tables.huffman.get(16 + (selected & 15)),
    restartInterval: tables.restartInterval,
  });
  return bits.markerAt();
}

function render({ quantisation }: Tables, frame: Frame): RawFrame {
  const { rows, columns, precision, blocksAcross, coefficients } = frame;
  const table = quantisation.get(frame.table);
  if (table === undefined) throw new Error('a table is missing');
  const values = new Uint16Array(rows * columns);
  const most = 2 ** precision - 1;
  const shift = 2 ** (precision - 1);
  const block = new Float64Array(64);
  for (let n = 0; n < coefficients.length / 64; n++) {
    inverseCosine(coefficients.subarray(n * 64, n * 64 + 64), table, block);
    const top = Math.floor(n / blocksAcross) * 8;
    const left = (n % blocksAcross) * 8;
    for (let y = 0; y < Math.min(8, rows - top); y++)
      for (let x = 0; x < Math.min(8, columns - left); x++)
        values[(top + y) * columns + left + x] = Math.min(most, Math.max(0, Math.round(block[y * 8 + x]! + shift)));
  }
  return {
    bytes: new Uint8Array(values.buffer),
    rows,
    columns,
    samples: 1,
    precision,
    isSigned: false,
    isPlanar: false,
    isLossy: true,
  };
}
