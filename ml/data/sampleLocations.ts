/** Enough that a sampled place stands for the structure, little enough that a whole data set's places fit in memory. */
const MOST_LOCATIONS = 10_000;

/**
 * Every n-th voxel of each class but the background, for drawing patches centred on a structure without searching the label again.
 *
 * @param label Uint8Array of classes.
 * @returns For each class, linear indices into `label`; empty for class 0.
 */
export function sampleLocations(label: Uint8Array, classCount: number): Uint32Array[] {
  const counts = new Array<number>(classCount).fill(0);
  for (const value of label) counts[value]!++;
  const strides = counts.map((count) => Math.max(1, Math.ceil(count / MOST_LOCATIONS)));
  const sampled = counts.map((count, value) => new Uint32Array(value === 0 ? 0 : Math.ceil(count / strides[value]!)));
  const seen = new Array<number>(classCount).fill(0);
  for (let index = 0; index < label.length; index++) {
    const value = label[index]!;
    if (value === 0) continue;
    const place = seen[value]! / strides[value]!;
    if (Number.isInteger(place)) sampled[value]![place] = index;
    seen[value]!++;
  }
  return sampled;
}
