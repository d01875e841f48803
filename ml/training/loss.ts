// Losses of methods.md section 1, one value a sample, so that importance sampling can weight and record each. Class 0 is the background.
// logits and mask are [n, k, ...spatial], the mask 0 or 1; one-hot where classes are exclusive.
import { add, cast, div, less, max, mul, neg, square, sub, exp } from '../graph/elementwise.ts';
import { mean, reshape, sliceAxis, sum } from '../graph/arrays.ts';
import { logClassProbability, logSigmoid, type Membership } from '../nn/classProbability.ts';
import type { Node } from '../graph/ops.ts';
import type { SquaredErrorWeights } from './squaredError.ts';

/** Weights of the losses that compare classes. */
export interface SegmentationWeights {
  readonly dice: number;
  readonly focal: number;
  readonly crossEntropy: number;
}

export type LossWeights = SegmentationWeights & SquaredErrorWeights;

/** The recycling authors' public settings. */
export const defaultLoss: LossWeights = { dice: 1, focal: 20, crossEntropy: 0, noise: 0, variational: 0 };

/** Whether there is a weight above 0. */
export const comparesClasses = ({ dice, focal, crossEntropy }: SegmentationWeights): boolean =>
  dice + focal + crossEntropy > 0;

const spatialAxes = ({ shape }: Node): readonly number[] => [...shape.keys()].slice(2);

/** Weighted sum of the losses, [n]; one weight at least is above 0. */
export function segmentationLoss(
  logits: Node,
  mask: Node,
  weights: SegmentationWeights,
  membership: Membership = 'exclusive',
): Node {
  const logProbability = logClassProbability(logits, membership);
  const logRight = membership === 'exclusive' ? ofTrueClass(logProbability, mask) : ofEachClass(logits, mask);
  const parts = [
    { weight: weights.dice, loss: () => diceLoss(exp(logProbability), mask) },
    { weight: weights.focal, loss: () => focalLoss(logRight) },
    { weight: weights.crossEntropy, loss: () => perSample(neg(logRight)) },
  ].filter(({ weight }) => weight > 0);
  return parts.map(({ weight, loss }) => mul(loss(), weight)).reduce((total, part) => add(total, part));
}

/** Log probability of the true class of each voxel, [n, 1, ...s]. */
const ofTrueClass = (logProbability: Node, mask: Node): Node => sum(mul(logProbability, mask), [1]);

/** Log probability of the truth about each class, in it or not, [n, k, ...s]. */
const ofEachClass = (logits: Node, mask: Node): Node => logSigmoid(mul(logits, sub(mul(mask, 2), 1)));

/** 1 - mean Dice over the foreground classes that the sample's mask holds; 0 where it holds none (Milletari et al. 2016). */
function diceLoss(probability: Node, mask: Node): Node {
  const [n, k] = mask.shape;
  const foreground = (x: Node): Node => sliceAxis(reshape(sum(x, spatialAxes(x)), [n!, k!]), 1, 1, k!);
  const overlap = foreground(mul(probability, mask));
  const truth = foreground(mask);
  const total = add(foreground(probability), truth);
  const present = cast(less(0, truth), 'float32');
  const dice = div(mul(overlap, 2), add(total, 1e-5));
  const count = max(sum(present, [1]), 1);
  return reshape(div(sum(mul(sub(1, dice), present), [1]), count), [n!]);
}

/** Mean of -(1 - p)^2 log p of what is true (Lin et al. 2017, eq. 4 with gamma 2). */
const focalLoss = (logRight: Node): Node => perSample(neg(mul(square(sub(1, exp(logRight))), logRight)));

/** Mean over space, and over classes where there are several: [n]. */
const perSample = (x: Node): Node => reshape(mean(x, [...x.shape.keys()].slice(1)), [x.shape[0]!]);
