import { gradientPhases } from './blockable.ts';
import { transposedRows } from './filterRows.ts';
import { imageOf } from './image.ts';
import { phasedConvolution } from './phased.ts';
import { blockedWeights } from './weightLayout.ts';
import type { Producer } from './producer.ts';
import type { NodeOf } from '../../../graph/ops.ts';

/** The gradient by the image: a convolution with turned filters, in phases where the convolution had a stride. */
export const dataGradient = (node: NodeOf<'convInputGradient'>): Producer => {
  const [w, gradient] = [node.inputs[0]!, node.inputs[1]!];
  return {
    needs: [w, gradient],
    emit(lowerer, additions) {
      const { paddedOutputs, inputBlocks, kernel } = blockedWeights(w.shape, lowerer.block);
      return phasedConvolution(
        lowerer,
        {
          cells: lowerer.cleanCells(gradient),
          from: imageOf(gradient.shape),
          to: imageOf(node.shape),
          axes: gradientPhases(node)!,
          rows: transposedRows(lowerer, lowerer.cleanWeights(w), w.shape),
          kernel,
          blocks: [paddedOutputs / lowerer.block, inputBlocks],
          resultAxis: 1,
        },
        additions,
      );
    },
  };
};
