import { overlapOf } from '../../../ml/evaluation/overlap.ts';
import type { ComputeProcess } from '../../compute/computeProcess.ts';
import type { Answer } from '../../contract/calls.ts';
import type { SegmentationShelf } from './shelf.ts';

/** Dice of two segmentations, structure by structure, by the labels' values; null where neither holds one. */
export async function compareSegmentations(
  a: string,
  b: string,
  shelf: SegmentationShelf,
  reader: ComputeProcess,
): Promise<Answer<'segmentations:compare'>> {
  const [first, second] = [await shelf.get(a), await shelf.get(b)];
  const names = new Map([...second.structures, ...first.structures].map(({ value, name }) => [value, name]));
  const values = [...names.keys()].toSorted((one, other) => one - other);
  const paths = { a: await shelf.mapPath(a, 'mask'), b: await shelf.mapPath(b, 'mask') };
  const counts = await reader.run('masks:compare', { ...paths, values });
  return {
    structures: counts.map((count, n) => ({
      value: values[n]!,
      name: names.get(values[n]!)!,
      dice: count.predicted + count.reference === 0 ? null : overlapOf({ ...count, total: 0 }).dice,
      voxelsA: count.predicted,
      voxelsB: count.reference,
    })),
  };
}
