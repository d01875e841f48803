import { Problem } from '../../../../ml/check/problem.ts';
import { emptyLike } from '../../../../ml/volume/emptyLike.ts';
import type { VoxelArray } from '../../../../ml/volume/volume.ts';
import type { DecodedFrame } from '../pixels/decodeFrame.ts';
import type { Frame } from './frame.ts';
import type { Stored } from './instance.ts';

/** Numbers a pixel once decoded: a palette's are its colours. */
export const componentsOf = ({ samples, photometric }: Stored): number =>
  photometric === 'PALETTE COLOR' ? 3 : samples;

/**
 * A decoded frame as one plane a component.
 *
 * @throws Problem `data` where it is not of the size that its header says.
 */
export function planesOf({ data }: DecodedFrame, { index, instance }: Frame<unknown>): readonly VoxelArray[] {
  const components = componentsOf(instance.stored);
  const size = instance.stored.columns * instance.stored.rows;
  if (data.length !== size * components) {
    const what = `frame ${index + 1} has ${data.length} values, and its header says ${size * components}`;
    throw new Problem('data', what, instance.path, 'Get the file again from its source.');
  }
  if (components === 1) return [data];
  return Array.from({ length: components }, (_, component) => {
    const plane = emptyLike(data, size);
    for (let v = 0; v < size; v++) plane[v] = data[v * components + component]!;
    return plane;
  });
}
