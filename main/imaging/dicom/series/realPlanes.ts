import type { VoxelArray } from '../../../../ml/volume/volume.ts';
import { addInPairs, are16Bits } from '../pixels/pairs.ts';
import { extremesOf } from './extremes.ts';
import type { Stored } from './instance.ts';
import { scaled, type Scaling } from './scaling.ts';
import { allocateVoxels, storedType, type VoxelType } from './storedType.ts';

interface Options {
  /** Voxels of a plane. */
  readonly size: number;
  readonly count: number;
  /** Of every plane, in any order. */
  readonly stored: readonly Stored[];
  readonly scalings: readonly Scaling[];
  /** For the error where they do not fit in memory. */
  readonly path: string;
}

/**
 * Real values, plane by plane as they are decoded, in any order, each plane by its own scaling. Integers stay integers where scaling is
 * integral and they fit, int16 first; else float32, or float64 where they are stored so.
 */
export class RealPlanes {
  readonly #options: Options;
  readonly #isIdentity: boolean;
  readonly #isInteger: boolean;
  #type: VoxelType;
  #data: VoxelArray;
  #least = Infinity;
  #most = -Infinity;

  constructor(options: Options) {
    const { stored, scalings, size, count, path } = options;
    const type = storedType(stored);
    this.#options = options;
    this.#isIdentity = scalings.every(isIdentity);
    this.#isInteger = !type.startsWith('float') && scalings.every(isIntegral);
    this.#type = this.#isIdentity || type === 'float64' ? type : this.#isInteger ? 'int16' : 'float32';
    this.#data = allocateVoxels(this.#type, size * count, path);
  }

  /** Zero where nothing was put yet. Another array after a `put` for which it had to be wider. */
  get data(): VoxelArray {
    return this.#data;
  }

  /** @param values As stored in an object of this kind. */
  put(plane: number, values: VoxelArray, stored: Stored, scaling: Scaling): void {
    const { size } = this.#options;
    if (this.#isIdentity) {
      this.#data.set(values, plane * size);
      return;
    }
    if (this.#isInteger) this.#makeRoom(realExtremes(values, stored, scaling, this.#type));
    const target = this.#data.subarray(plane * size, (plane + 1) * size);
    const { slope, intercept, table } = scaling;
    const isSum = table === undefined && slope === 1 && Number.isInteger(intercept);
    if (isSum && are16Bits(target) && are16Bits(values) && addInPairs(target, values, intercept)) return;
    if (table) for (let v = 0; v < size; v++) target[v] = scaled(scaling, values[v]!);
    else if (slope === 1) for (let v = 0; v < size; v++) target[v] = values[v]! + intercept;
    else for (let v = 0; v < size; v++) target[v] = slope * values[v]! + intercept;
  }

  #makeRoom([least, most]: readonly [number, number]): void {
    this.#least = Math.min(this.#least, least);
    this.#most = Math.max(this.#most, most);
    if (fits(this.#type, this.#least, this.#most)) return;
    const wider = integers.find((type) => fits(type, this.#least, this.#most)) ?? 'float32';
    const data = allocateVoxels(wider, this.#data.length, this.#options.path);
    data.set(this.#data);
    this.#type = wider;
    this.#data = data;
  }
}

const isIdentity = ({ slope, intercept, table }: Scaling): boolean =>
  slope === 1 && intercept === 0 && table === undefined;

function isIntegral({ slope, intercept, table }: Scaling): boolean {
  if (table) return Array.from(table.values).every(Number.isInteger);
  return Number.isInteger(slope) && Number.isInteger(intercept);
}

const integers = ['int16', 'uint16', 'int32', 'uint32'] as const;

const ranges: Readonly<Partial<Record<VoxelType, readonly [number, number]>>> = {
  int16: [-32_768, 32_767],
  uint16: [0, 65_535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
};

function fits(type: VoxelType, least: number, most: number): boolean {
  const [from, to] = ranges[type] ?? [-Infinity, Infinity];
  return from <= least && most <= to;
}

/** Of the real values of a plane; wider where all that its object can store fits in `type`, which spares a look at every voxel. */
function realExtremes(
  values: VoxelArray,
  { signed, bitsStored }: Stored,
  scaling: Scaling,
  type: VoxelType,
): readonly [number, number] {
  if (scaling.table) return extremesOf(scaling.table.values);
  const real = (ends: readonly [number, number]): readonly [number, number] => {
    const [a, b] = [scaled(scaling, ends[0]), scaled(scaling, ends[1])];
    return [Math.min(a, b), Math.max(a, b)];
  };
  // Decoders keep unsigned values in the bits stored; an overshoot of a lossy codec may take signed ones beyond.
  const possible = real([0, 2 ** bitsStored - 1]);
  return !signed && fits(type, ...possible) ? possible : real(extremesOf(values));
}
