import { cos, mul, sin, swish } from '../graph/elementwise.ts';
import { concat, reshape } from '../graph/arrays.ts';
import { constant } from '../graph/sources.ts';
import { linear } from './layers.ts';
import { within, type Scope } from './parameters.ts';
import type { Node } from '../graph/ops.ts';

/**
 * The step a network works at, as features (methods.md section 0): sines and cosines of 10000 * time * frequency, frequencies geometric
 * from 1 down to 1e-4, then two layers.
 *
 * @param time  float32 [n], (t + 1) / T in (0, 1].
 * @param width Features of the result [n, width]; even.
 */
export function timeEmbedding(scope: Scope, time: Node, width: number): Node {
  const half = width / 2;
  const frequencies = Array.from({ length: half }, (_, i) => 10_000 * 1e-4 ** (i / (half - 1)));
  const angles = mul(reshape(time, [time.shape[0]!, 1]), constant(frequencies, [1, half]));
  const waves = concat([sin(angles), cos(angles)], 1);
  return linear(within(scope, 'second'), swish(linear(within(scope, 'first'), waves, width)), width);
}
