import type { BitReader, HuffmanTable } from './huffman.ts';
import { zigzag } from './tables.ts';

/** What a scan brings of each block's coefficients (ITU-T T.81 section B.2.3). */
export interface ScanSettings {
  readonly isProgressive: boolean;
  /** First and last coefficient, in zigzag order. */
  readonly spectralStart: number;
  readonly spectralEnd: number;
  /** Bit positions: 0 in `high` where the scan is the first to bring these coefficients. */
  readonly high: number;
  readonly low: number;
  readonly dcTable: HuffmanTable | undefined;
  readonly acTable: HuffmanTable | undefined;
  /** Blocks between restart markers; 0: none. */
  readonly restartInterval: number;
}

/** Adds the coefficients of one scan of one component; `coefficients` holds 64 a block, row-major. */
export function readScan(bits: BitReader, coefficients: Int32Array, settings: ScanSettings): void {
  const scan = new Scan(bits, settings);
  const blocks = coefficients.length / 64;
  for (let block = 0; block < blocks; block++) {
    if (settings.restartInterval > 0 && block > 0 && block % settings.restartInterval === 0) scan.restart();
    scan.readBlock(coefficients.subarray(block * 64, block * 64 + 64));
  }
}

class Scan {
  readonly #bits: BitReader;
  readonly #settings: ScanSettings;
  #predictor = 0;
  /** Blocks yet to come that this scan leaves as they are. */
  #skip = 0;

  constructor(bits: BitReader, settings: ScanSettings) {
    this.#bits = bits;
    this.#settings = settings;
  }

  restart(): void {
    this.#bits.restart();
    this.#predictor = 0;
    this.#skip = 0;
  }

  readBlock(block: Int32Array): void {
    const { isProgressive, spectralStart, high } = this.#settings;
    if (!isProgressive) {
      this.#readDc(block);
      this.#readAc(block, 1);
    } else if (spectralStart === 0) {
      if (high === 0) this.#readDc(block);
      else block[0]! |= this.#bits.receive(1) << this.#settings.low;
    } else if (high === 0) this.#readAc(block, spectralStart);
    else this.#refineAc(block);
  }

  /** Figure F.12 and section G.1.2.1. */
  #readDc(block: Int32Array): void {
    const { dcTable, low } = this.#settings;
    if (dcTable === undefined) throw new Error('a table is missing');
    this.#predictor += this.#bits.receiveSigned(this.#bits.symbol(dcTable) & 15);
    block[0] = this.#predictor << low;
  }

  /** Figures F.13 and G.3; a run of blocks at its end (EOBn) is of progressive scans only. */
  #readAc(block: Int32Array, start: number): void {
    const { acTable, spectralEnd, low } = this.#settings;
    if (acTable === undefined) throw new Error('a table is missing');
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    for (let k = start; k <= spectralEnd; k++) {
      const symbol = this.#bits.symbol(acTable);
      const run = symbol >> 4;
      const size = symbol & 15;
      if (size === 0 && run < 15) {
        this.#skip = (1 << run) - 1 + this.#bits.receive(run);
        return;
      }
      k += run;
      if (size > 0) block[zigzag[k & 63]!] = this.#bits.receiveSigned(size) << low;
    }
  }

  /** Figure G.7: one more bit of what is not zero, and what becomes so. */
  #refineAc(block: Int32Array): void {
    const { acTable, spectralStart, spectralEnd, low } = this.#settings;
    if (acTable === undefined) throw new Error('a table is missing');
    let k = spectralStart;
    while (this.#skip === 0 && k <= spectralEnd) {
      const symbol = this.#bits.symbol(acTable);
      const run = symbol >> 4;
      const isNew = (symbol & 15) > 0;
      if (!isNew && run < 15) {
        this.#skip = (1 << run) + this.#bits.receive(run);
        break;
      }
      const value = isNew ? (this.#bits.receive(1) === 1 ? 1 : -1) << low : 0;
      k = this.#passZeros(block, k, run);
      if (isNew && k <= spectralEnd) block[zigzag[k]!] = value;
      k++;
    }
    if (this.#skip === 0) return;
    this.#passZeros(block, k, 64);
    this.#skip--;
  }

  /** Refines what is not zero, until `zeros` that are have been passed; gives the place of the next zero. */
  #passZeros(block: Int32Array, from: number, zeros: number): number {
    const { spectralEnd, low } = this.#settings;
    let left = zeros;
    let k = from;
    for (; k <= spectralEnd; k++) {
      const place = zigzag[k]!;
      const value = block[place]!;
      if (value === 0) {
        if (left-- === 0) break;
      } else if (this.#bits.receive(1) === 1) block[place] = value + (value > 0 ? 1 << low : -(1 << low));
    }
    return k;
  }
}
