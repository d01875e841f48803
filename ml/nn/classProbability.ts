import { abs, add, exp, log, min, neg, sigmoid, sub } from '../graph/elementwise.ts';
import { logSoftmax, softmax } from '../graph/arrays.ts';
import type { Node } from '../graph/ops.ts';

/** Whether a voxel is of exactly one class, the background among them, or of any number of them. */
export const membershipNames = ['exclusive', 'independent'] as const;

export type Membership = (typeof membershipNames)[number];

/** What logits [n, k, ...s] say, of the same shape: a probability for each class, summing to 1 where classes are exclusive. */
export const classProbability = (logits: Node, membership: Membership): Node =>
  membership === 'exclusive' ? softmax(logits, 1) : sigmoid(logits);

/** Its logarithm, finite for any logits. */
export const logClassProbability = (logits: Node, membership: Membership): Node =>
  membership === 'exclusive' ? logSoftmax(logits, 1) : logSigmoid(logits);

/** -log(1 + exp(-x)), written so that no exponential overflows. */
export const logSigmoid = (x: Node): Node => sub(min(x, 0), log(add(exp(neg(abs(x))), 1)));
