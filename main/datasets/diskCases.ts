import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { Problem } from '../../ml/check/problem.ts';
import type { Box, BoxVoxels, CaseSource } from '../../ml/data/caseSource.ts';
import type { Vector3 } from '../../ml/volume/grid.ts';
import { fileProblem } from '../files/fileProblem.ts';
import { BoundedCache } from './boundedCache.ts';
import { cacheIndexSchema, caseFiles, indexPath } from './cacheIndex.ts';
import type { CacheEntry, CacheIndex } from './cacheIndex.ts';

/** A case that takes more than this share of the memory is read in pieces each time, lest it push all others out. */
const LARGEST_SHARE = 1 / 4;

/** A numeric array of a cached case. */
type Numbers = Float32Array | Uint8Array | Uint32Array;

/** Cases that `prepareCache` left in a folder. Small ones come to stay in memory, of large ones only the rows of a box are read. */
export class DiskCases implements CaseSource {
  readonly #folder: string;
  readonly #index: CacheIndex;
  readonly #kept: BoundedCache<string, Numbers>;
  readonly #largest: number;

  /**
   * @param memory Bytes that may be kept.
   * @throws Problem 'data' where the folder holds no sound index.
   */
  constructor(folder: string, memory: number) {
    this.#folder = folder;
    this.#index = readIndex(folder);
    this.#kept = new BoundedCache(memory);
    this.#largest = memory * LARGEST_SHARE;
  }

  get channels(): number {
    return this.#index.channels;
  }

  /**
   * The index of a case.
   *
   * @throws Problem 'data' where it was not prepared.
   */
  find(id: string): number {
    const place = this.#index.cases.findIndex((entry) => entry.id === id);
    if (place < 0) throw damaged(`${id} was not prepared`, this.#folder);
    return place;
  }

  shape(caseIndex: number): Vector3 {
    return this.#entry(caseIndex).shape;
  }

  locations(caseIndex: number): readonly Uint32Array[] {
    const { source, locations } = this.#entry(caseIndex);
    const path = caseFiles(this.#folder, source).locations;
    const all = this.#whole(
      path,
      Uint32Array,
      locations.reduce((sum, count) => sum + count, 0),
    );
    let end = 0;
    return locations.map((count) => all.subarray(end, (end += count)));
  }

  read(caseIndex: number, box: Box): BoxVoxels {
    const { source, shape } = this.#entry(caseIndex);
    const files = caseFiles(this.#folder, source);
    const size = box.size[0] * box.size[1] * box.size[2];
    const image = new Float32Array(this.channels * size);
    const label = new Uint8Array(size);
    this.#readArray(files.image, Float32Array, this.channels, shape, box, image);
    this.#readArray(files.label, Uint8Array, 1, shape, box, label);
    return { image, label };
  }

  #entry(caseIndex: number): CacheEntry {
    const entry = this.#index.cases[caseIndex];
    if (!entry) throw new Error(`invariant: there is no case ${caseIndex}`);
    return entry;
  }

  #readArray<Data extends Numbers>(
    path: string,
    type: new (buffer: ArrayBuffer) => Data,
    channels: number,
    shape: Vector3,
    box: Box,
    target: Data,
  ): void {
    const length = channels * shape[0] * shape[1] * shape[2];
    if (length * target.BYTES_PER_ELEMENT <= this.#largest) {
      const whole = this.#whole(path, type, length);
      copyRows(channels, shape, box, target, (first, count) => whole.subarray(first, first + count));
      return;
    }
    withFile(path, (file) => {
      copyRows(channels, shape, box, target, (first, count) => readNumbers(file, path, type, first, count));
    });
  }

  #whole<Data extends Numbers>(path: string, type: new (buffer: ArrayBuffer) => Data, length: number): Data {
    const kept = this.#kept.get(path);
    if (kept instanceof type) return kept;
    const read = withFile(path, (file) => readNumbers(file, path, type, 0, length));
    this.#kept.set(path, read, read.byteLength);
    return read;
  }
}

/**
 * Copies what of a box lies in the volume; the rest of the target stays 0.
 *
 * @param rows Numbers of the volume [c, k, j, i] from one linear index on, of one slice.
 */
function copyRows(
  channels: number,
  [nk, nj, ni]: Vector3,
  { start: [k0, j0, i0], size: [sk, sj, si] }: Box,
  target: Numbers,
  rows: (first: number, count: number) => Numbers,
): void {
  const [fromJ, toJ] = [Math.max(j0, 0), Math.min(j0 + sj, nj)];
  const [fromI, toI] = [Math.max(i0, 0), Math.min(i0 + si, ni)];
  if (fromJ >= toJ || fromI >= toI) return;
  for (let c = 0; c < channels; c++) {
    for (let k = Math.max(k0, 0); k < Math.min(k0 + sk, nk); k++) {
      const slab = rows(((c * nk + k) * nj + fromJ) * ni, (toJ - fromJ) * ni);
      for (let j = fromJ; j < toJ; j++) {
        const row = slab.subarray((j - fromJ) * ni + fromI, (j - fromJ) * ni + toI);
        target.set(row, ((c * sk + k - k0) * sj + j - j0) * si + fromI - i0);
      }
    }
  }
}

function readNumbers<Data extends Numbers>(
  file: number,
  path: string,
  type: new (buffer: ArrayBuffer) => Data,
  first: number,
  count: number,
): Data {
  const bytesEach = new type(new ArrayBuffer(0)).BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(count * bytesEach);
  if (readSync(file, bytes, 0, bytes.length, first * bytesEach) < bytes.length)
    throw damaged('the file is cut off', path);
  return new type(bytes.buffer);
}

function withFile<Result>(path: string, use: (file: number) => Result): Result {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    return use(file);
  } catch (error) {
    throw fileProblem(error, path);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readIndex(folder: string): CacheIndex {
  const path = indexPath(folder);
  try {
    const parsed = cacheIndexSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (parsed.success) return parsed.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw fileProblem(error, path);
  }
  throw damaged('this is no index of prepared images', path);
}

function damaged(what: string, where: string): Problem {
  return new Problem('data', what, where, 'Delete the folder and prepare the images again.');
}
