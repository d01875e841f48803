// Losses of methods.md section 1, one value a sample, so that importance sampling can weight and record each. Exclusive classes, class 0
// is the background. logits and mask are [n, k, ...spatial], the mask one-hot.
import { add, cast, div, exp, less, max, mul, neg, square, sub } from '../graph/elementwise.ts';
import { logSoftmax, mean, reshape, sliceAxis, sum } from '../graph/arrays.ts';
import type { Node } from '../graph/ops.ts';

export interface LossWeights {
  readonly dice: number;
  readonly focal: number;
  readonly crossEntropy: number;
}

/** The recycling authors' public settings. */
export const defaultLoss: LossWeights = { dice: 1, focal: 20, crossEntropy: 0 };

/** The most that a network loses which finds every class equally likely everywhere. */
export function lossOfGuessing({ dice, focal, crossEntropy }: LossWeights, classes: number): number {
  const log = Math.log(classes);
  return dice + focal * (1 - 1 / classes) ** 2 * log + crossEntropy * log;
}

const spatialAxes = ({ shape }: Node): readonly number[] => [...shape.keys()].slice(2);

/** Weighted sum of the losses, [n]. */
export function segmentationLoss(logits: Node, mask: Node, weights: LossWeights): Node {
  const logProbability = logSoftmax(logits, 1);
  const probability = exp(logProbability);
  const parts = [
    { weight: weights.dice, loss: () => diceLoss(probability, mask) },
    { weight: weights.focal, loss: () => focalLoss(probability, logProbability, mask) },
    { weight: weights.crossEntropy, loss: () => crossEntropy(logProbability, mask) },
  ];
  return parts
    .filter(({ weight }) => weight > 0)
    .map(({ weight, loss }) => mul(loss(), weight))
    .reduce((total, part) => add(total, part));
}

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

/** Mean over voxels of -(1 - p)^2 log p of the true class (Lin et al. 2017, eq. 4 with gamma 2). */
function focalLoss(probability: Node, logProbability: Node, mask: Node): Node {
  const trueLog = sum(mul(logProbability, mask), [1]);
  const trueProbability = sum(mul(probability, mask), [1]);
  return perSample(neg(mul(square(sub(1, trueProbability)), trueLog)));
}

const crossEntropy = (logProbability: Node, mask: Node): Node => perSample(neg(sum(mul(logProbability, mask), [1])));

/** Mean over space of [n, 1, ...spatial]. */
const perSample = (x: Node): Node => reshape(mean(x, spatialAxes(x)), [x.shape[0]!]);
