import { Problem } from '../../../../ml/check/problem.ts';
import type { VoxelArray } from '../../../../ml/volume/volume.ts';
import type { DecodedFrame } from '../pixels/decodeFrame.ts';
import type { Frame } from './frame.ts';
import type { Stored } from './instance.ts';

/** Numbers a pixel once decoded: a palette's are its colours. */
export const componentsOf = ({ samples, photometric }: Stored): number =>
  photometric === 'PALETTE COLOR' ? 3 : samples;

/**
 * Puts a decoded frame into one plane a component.
 *
 * @throws Problem `data` where it is not of the size that its header says.
 */
export function copyFrame(
  { data }: DecodedFrame,
  { index, instance }: Frame<unknown>,
  targets: readonly VoxelArray[],
): void {
  const plane = targets[0]!.length;
  if (data.length !== plane * targets.length) {
    const what = `frame ${index + 1} has ${data.length} values, and its header says ${plane * targets.length}`;
    throw new Problem('data', what, instance.path, 'Get the file again from its source.');
  }
  for (const [component, target] of targets.entries()) {
    if (targets.length === 1) target.set(data);
    else for (let v = 0; v < plane; v++) target[v] = data[v * targets.length + component] ?? NaN;
  }
}
