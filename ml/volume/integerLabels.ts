import { Problem } from '../check/problem.ts';
import type { Volume } from './volume.ts';

export type LabelArray = Uint8Array | Uint16Array | Uint32Array;

/**
 * A label volume in the smallest unsigned integer type that holds its values, whatever type the file had.
 *
 * @param where The file, for the error.
 * @throws Problem `data` where a value is not a whole number in [0, 2^32).
 */
export function integerLabels(volume: Volume, where: string): Volume<LabelArray> {
  const { data } = volume;
  let largest = 0;
  for (const value of data) {
    if (!(Number.isInteger(value) && value >= 0 && value < 2 ** 32)) {
      throw new Problem(
        'data',
        `labels must be whole numbers from 0 on, and here is ${value}`,
        where,
        'Use a label map, not an image or a probability map.',
      );
    }
    if (value > largest) largest = value;
  }
  const Smallest = largest < 2 ** 8 ? Uint8Array : largest < 2 ** 16 ? Uint16Array : Uint32Array;
  return { ...volume, data: data instanceof Smallest ? data : Smallest.from(data) };
}
