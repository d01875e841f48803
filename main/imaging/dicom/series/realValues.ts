import { invariant } from '../../../../ml/check/invariant.ts';
import type { VoxelArray } from '../../../../ml/volume/volume.ts';
import { extremesOf } from './extremes.ts';
import { scaled, type Scaling } from './scaling.ts';

/**
 * Stored values made real, each plane by its own scaling. Integers stay integers where scaling is integral and they fit, int16 first; else
 * float32, or float64 where they are stored so. Reuses the memory of `stored` where it can, which must not be used afterwards.
 *
 * @param stored   `scalings.length` planes of equal size.
 */
export function realValues(stored: VoxelArray, scalings: readonly Scaling[]): VoxelArray {
  invariant(scalings.length > 0 && stored.length % scalings.length === 0, 'one scaling a plane');
  if (scalings.every(isIdentity)) return stored;
  const size = stored.length / scalings.length;
  const real = reuse(stored, realType(stored, scalings));
  scalings.forEach((scaling, plane) => {
    const [from, to] = [plane * size, (plane + 1) * size];
    const { slope, intercept, table } = scaling;
    if (table) for (let v = from; v < to; v++) real[v] = scaled(scaling, stored[v] ?? NaN);
    else for (let v = from; v < to; v++) real[v] = slope * (stored[v] ?? NaN) + intercept;
  });
  return real;
}

const isIdentity = ({ slope, intercept, table }: Scaling): boolean =>
  slope === 1 && intercept === 0 && table === undefined;

const integers = [
  { make: Int16Array, least: -32_768, most: 32_767 },
  { make: Uint16Array, least: 0, most: 65_535 },
  { make: Int32Array, least: -(2 ** 31), most: 2 ** 31 - 1 },
  { make: Uint32Array, least: 0, most: 2 ** 32 - 1 },
] as const;

type RealType = (typeof integers)[number]['make'] | Float32ArrayConstructor | Float64ArrayConstructor;

function realType(stored: VoxelArray, scalings: readonly Scaling[]): RealType {
  if (stored instanceof Float64Array) return Float64Array;
  if (stored instanceof Float32Array || !scalings.every(isIntegral)) return Float32Array;
  const size = stored.length / scalings.length;
  let [least, most] = [Infinity, -Infinity];
  scalings.forEach((scaling, plane) => {
    for (const value of realExtremes(stored.subarray(plane * size, (plane + 1) * size), scaling)) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  });
  return integers.find((type) => type.least <= least && most <= type.most)?.make ?? Float32Array;
}

function isIntegral({ slope, intercept, table }: Scaling): boolean {
  if (table) return Array.from(table.values).every(Number.isInteger);
  return Number.isInteger(slope) && Number.isInteger(intercept);
}

/** Of the real values of a plane; a table's are taken whole. */
function realExtremes(plane: VoxelArray, scaling: Scaling): readonly [number, number] {
  if (scaling.table) return extremesOf(scaling.table.values);
  const ends = extremesOf(plane).map((stored) => scaled(scaling, stored));
  return [Math.min(...ends), Math.max(...ends)];
}

/** An element is read before it is written, so that both may lie in the same memory. */
function reuse(stored: VoxelArray, Type: RealType): VoxelArray {
  const isSameWidth = Type.BYTES_PER_ELEMENT === stored.BYTES_PER_ELEMENT;
  return isSameWidth
    ? new Type(stored.buffer as ArrayBuffer, stored.byteOffset, stored.length)
    : new Type(stored.length);
}
