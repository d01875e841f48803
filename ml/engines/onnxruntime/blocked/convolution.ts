import { imageOf, windowOf } from './image.ts';
import { convolveSlices } from './slices.ts';
import { blockedWeights } from './weightLayout.ts';
import type { Producer } from './producer.ts';
import type { NodeOf } from '../../../graph/ops.ts';

export const convolution = (node: NodeOf<'conv'>): Producer => {
  const [x, w] = [node.inputs[0]!, node.inputs[1]!];
  return {
    needs: [x, w],
    emit(lowerer, additions) {
      const { narrow, shape } = blockedWeights(w.shape, lowerer.block);
      return convolveSlices(lowerer, {
        cells: narrow ? lowerer.slices(x) : lowerer.cleanCells(x),
        from: imageOf(x.shape),
        to: imageOf(node.shape),
        window: windowOf(node.attributes, w.shape.slice(2)),
        filters: lowerer.cleanWeights(w),
        filterShape: shape,
        ...additions,
      });
    },
  };
};
