import { cellsOf, depthTaps, imageOf, windowOf, type Image, type Window } from './image.ts';
import { blockedWeights } from './weightLayout.ts';
import type { Lowerer } from './lowerer.ts';
import type { Producer } from './producer.ts';
import type { NodeOf } from '../../../graph/ops.ts';

/** What a convolution adds to its result without another pass over memory. */
export interface Additions {
  /** One tensor of a value a channel for each sample. */
  readonly bias?: readonly string[] | undefined;
  /** Cells of the result's shape that nothing else reads afterwards: they are written over. */
  readonly sum?: readonly string[] | undefined;
}

export const convolution = (node: NodeOf<'conv'>): Producer => {
  const [x, w] = [node.inputs[0]!, node.inputs[1]!];
  return {
    needs: [x, w],
    emit(lowerer, additions) {
      const { narrow, kernel } = blockedWeights(w.shape, lowerer.block);
      return convolveCells(lowerer, {
        cells: narrow ? lowerer.slices(x) : lowerer.cleanCells(x),
        from: imageOf(x.shape),
        to: imageOf(node.shape),
        window: windowOf(node.attributes, w.shape.slice(2)),
        weights: lowerer.split(lowerer.cleanWeights(w), kernel[0]),
        ...additions,
      });
    },
  };
};

/** One convolution of planes for each slice and each tap in depth, those of one result chained by their sum. */
function convolveCells(
  lowerer: Lowerer,
  {
    cells,
    from,
    to,
    window,
    weights,
    bias,
    sum,
  }: Additions & {
    cells: readonly string[];
    from: Image;
    to: Image;
    window: Window;
    /** One filter a tap in depth. */
    weights: readonly string[];
  },
): readonly string[] {
  const attributes = planeAttributes(window);
  return Array.from({ length: cellsOf(to) }, (_, cell) => {
    const [slices, depth] = [to.space[0], from.space[0]];
    const sample = Math.floor(cell / slices);
    let total = sum?.[cell];
    for (const [i, { tap, from: slice }] of depthTaps(cell % slices, depth, window).entries())
      total = lowerer.blocked(
        'Conv',
        [cells[sample * depth + slice], weights[tap], i === 0 ? bias?.[sample] : undefined, total],
        attributes,
      );
    return total!;
  });
}

/** The window in the plane, as the kernel's attributes. */
const planeAttributes = ({ kernel, stride, before, after }: Window) => ({
  kernel_shape: kernel.slice(1),
  strides: stride.slice(1),
  pads: [...before.slice(1), ...after.slice(1)],
});
