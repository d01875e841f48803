import { roundUp } from './image.ts';
import type { Lowerer } from './lowerer.ts';
import type { Operand } from '../../../graph/elementwise.ts';
import type { Shape } from '../../../graph/ops.ts';

/** How the kernel wants a value a channel: as a depthwise filter of one tap [c, 1, 1, 1], or as a bias [c]. */
export type ChannelUse = 'filter' | 'bias';

/**
 * From a number, or [n or 1, c or 1, 1, ...], to one tensor for each sample of an image of `shape`. Zero where channels are filled up, so
 * that they stay zero.
 */
export function perChannel(lowerer: Lowerer, value: Operand, shape: Shape, use: ChannelUse): readonly string[] {
  const [samples, channels] = [shape[0]!, shape[1]!];
  const padded = roundUp(channels, lowerer.block);
  const ones = use === 'filter' ? [1, 1, 1] : [];
  const { emitter } = lowerer;
  if (typeof value === 'number') {
    const name = lowerer.once(`${use} of ${channels} times ${value}`, () => {
      const values = Array.from({ length: padded }, (_, channel) => (channel < channels ? value : 0));
      return emitter.float(values, [padded, ...ones]);
    });
    return new Array<string>(samples).fill(name);
  }
  const [n, c] = [value.shape[0]!, value.shape[1]!];
  const flat = lowerer.reshape(lowerer.plain(value), [n, c]);
  const wide = c === channels ? flat : emitter.emit('Expand', [flat, emitter.indices([n, channels])]);
  const missing = padded - channels;
  const filled = missing === 0 ? wide : emitter.emit('Pad', [wide, emitter.indices([0, 0, 0, missing])], {});
  const names = lowerer.split(lowerer.reshape(filled, [n * padded, ...ones]), n);
  return n === samples ? names : new Array<string>(samples).fill(names[0]!);
}
