import { add, mul, sigmoid, sub } from '../graph/elementwise.ts';
import type { Node } from '../graph/ops.ts';

/** Second derivative of x * s(alpha x): alpha s' (2 + alpha x (1 - 2 s)) with s' = s (1 - s). */
export function swishSecondDerivative(x: Node, alpha: number): Node {
  const s = sigmoid(mul(x, alpha));
  return mul(mul(mul(s, sub(1, s)), alpha), add(mul(mul(x, alpha), sub(1, mul(s, 2))), 2));
}
