// Filters as rows: one block of B inputs by B outputs each, moved and combined as wholes. Before the rows an array of counted axes.
import { sizeOf } from '../../../graph/shape.ts';
import { blockedWeights } from './weightLayout.ts';
import type { Lowerer } from './lowerer.ts';
import type { Shape } from '../../../graph/ops.ts';
import type { PhaseAxis } from './phases.ts';

/** Every index of an array, row-major. */
export function indicesOf(extents: readonly number[]): readonly (readonly number[])[] {
  return extents.reduce<readonly (readonly number[])[]>(
    (heads, extent) => heads.flatMap((head) => Array.from({ length: extent }, (_, i) => [...head, i])),
    [[]],
  );
}

const offsetOf = (index: readonly number[], extents: readonly number[]): number =>
  index.reduce((offset, i, axis) => offset * extents[axis]! + i, 0);

/** The axes of an array of rows in another order, some of them backwards. */
export function reorderRows(
  lowerer: Lowerer,
  rows: string,
  extents: readonly number[],
  order: readonly number[],
  backwards: readonly number[] = [],
): string {
  const size = sizeOf(extents);
  const target = order.map((axis) => extents[axis]!);
  const sources = indicesOf(target).map((index) => {
    const source = new Array<number>(extents.length).fill(0);
    for (const [position, axis] of order.entries())
      source[axis] = backwards.includes(axis) ? extents[axis]! - 1 - index[position]! : index[position]!;
    return offsetOf(source, extents);
  });
  if (sources.every((source, i) => source === i)) return rows;
  const chosen = lowerer.once(`rows ${extents.join()} ${order.join()} ${backwards.join()}`, () =>
    lowerer.emitter.constant('int32', sources, [size]),
  );
  return lowerer.emitter.emit('Gather', [rows, chosen], { axis: 0 });
}

/** Stored weights [kd][o / B][i / B][kh][kw] as rows of [B of i, B of o]. */
export const rowsOfWeights = (lowerer: Lowerer, weights: string, shape: Shape): string =>
  lowerer.reshape(weights, [
    sizeOf(blockedWeights(shape, lowerer.block).shape) / lowerer.block ** 2,
    lowerer.block ** 2,
  ]);

/** Each block turned to [B of o, B of i]: the kernel that puts channels in blocks is a transposition. */
export function transposedRows(lowerer: Lowerer, weights: string, shape: Shape): string {
  const { block } = lowerer;
  return lowerer.once(`transposed ${weights}`, () => {
    const count = sizeOf(blockedWeights(shape, block).shape) / block ** 2;
    const turned = lowerer.blocked('ReorderInput', [lowerer.reshape(weights, [count, block, 1, block])]);
    return lowerer.reshape(turned, [count, block ** 2]);
  });
}

/** [phases and taps on the coarse grid (pz py px tz ty tx), taps of the filter (kz ky kx)]: which are summed. */
export function phaseMatrix(axes: readonly PhaseAxis[], kernel: readonly number[]): readonly number[] {
  const phases = indicesOf(axes.map((axis) => axis.phases.length));
  const taps = indicesOf(axes.map((axis) => axis.phases[0]!.length));
  return phases.flatMap((phase) =>
    taps.flatMap((tap) =>
      indicesOf(kernel).map((k) => Number(axes.every((axis, i) => axis.phases[phase[i]!]![tap[i]!]!.includes(k[i]!)))),
    ),
  );
}
