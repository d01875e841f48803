// Between row-major weights [o, i, (kd,) kh, kw] and those of weightLayout.ts.
import { slice } from '../plain/moving.ts';
import { blockedWeights } from './weightLayout.ts';
import type { Lowerer } from './lowerer.ts';
import type { Shape } from '../../../graph/ops.ts';

export function weightsFromPlain(lowerer: Lowerer, name: string, shape: Shape): string {
  const { emitter } = lowerer;
  const weights = blockedWeights(shape, lowerer.block);
  const { outputs, inputs, paddedOutputs, paddedInputs, kernel } = weights;
  const taps = kernel[1] * kernel[2];
  const whole = lowerer.reshape(name, [outputs, inputs, kernel[0], taps]);
  const missing = [0, 0, 0, 0, paddedOutputs - outputs, paddedInputs - inputs, 0, 0];
  const padded = missing.some((count) => count > 0)
    ? emitter.emit('Pad', [whole, emitter.indices(missing)], {})
    : whole;
  const parts = lowerer.reshape(padded, [
    paddedOutputs / lowerer.block,
    lowerer.block,
    weights.inputBlocks,
    weights.inputBlock,
    kernel[0],
    taps,
  ]);
  return lowerer.reshape(emitter.emit('Transpose', [parts], { perm: [4, 0, 2, 5, 3, 1] }), weights.shape);
}

export function weightsToPlain(lowerer: Lowerer, name: string, shape: Shape): string {
  const { emitter } = lowerer;
  const weights = blockedWeights(shape, lowerer.block);
  const { outputs, inputs, paddedOutputs, paddedInputs, kernel } = weights;
  const taps = kernel[1] * kernel[2];
  const parts = lowerer.reshape(name, [
    kernel[0],
    paddedOutputs / lowerer.block,
    weights.inputBlocks,
    taps,
    weights.inputBlock,
    lowerer.block,
  ]);
  const ordered = emitter.emit('Transpose', [parts], { perm: [1, 5, 2, 4, 0, 3] });
  const padded = lowerer.reshape(ordered, [paddedOutputs, paddedInputs, kernel[0], taps]);
  const whole =
    paddedOutputs === outputs && paddedInputs === inputs
      ? padded
      : slice(emitter, padded, [0, 0, 0, 0], [outputs, inputs, kernel[0], taps], [1, 1, 1, 1]);
  return lowerer.reshape(whole, shape);
}
