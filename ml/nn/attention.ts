import { add, mul } from '../graph/elementwise.ts';
import { matmul, reshape, softmax, transposeLast } from '../graph/arrays.ts';
import { sizeOf } from '../graph/shape.ts';
import { convolution, groupNorm } from './layers.ts';
import { within, type Scope } from './parameters.ts';
import type { Node } from '../graph/ops.ts';

/**
 * Self-attention over all positions, added to its input (Vaswani et al. 2017, eq. 1, several heads).
 *
 * @param x [n, c, ...spatial]; `heads` divides c.
 */
export function selfAttention(scope: Scope, x: Node, { heads, groups }: { heads: number; groups: number }): Node {
  const [n, c, ...spatial] = x.shape;
  const positions = sizeOf(spatial);
  const width = c! / heads;
  const normed = groupNorm(within(scope, 'norm'), x, { groups });
  const project = (name: string): Node =>
    reshape(convolution(within(scope, name), normed, c!, { kernel: 1 }), [n!, heads, width, positions]);
  const [query, key, value] = [project('query'), project('key'), project('value')];
  const scores = mul(matmul(transposeLast(query), key), 1 / Math.sqrt(width));
  const mixed = matmul(value, transposeLast(softmax(scores, 3)));
  return add(x, convolution(within(scope, 'out'), reshape(mixed, x.shape), c!, { kernel: 1 }));
}
