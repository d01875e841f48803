import { add, max, min, mul, stopGradient, sub } from '../../graph/elementwise.ts';
import { concat, reshape } from '../../graph/arrays.ts';
import type { Node } from '../../graph/ops.ts';

/**
 * A first pass: the class probabilities [n, k, ...s] that the network makes of a noisy mask at a step of the chain; in self-conditioning
 * it also sees a prediction, class probabilities too.
 */
export type FirstPass = (xT: Node, at: StepNumbers, condition?: Node) => Node;

/** A step of the chain, each sample at its own: [n] each. */
export interface StepNumbers {
  /** (t + 1) / T. */
  readonly time: Node;
  /** sqrt(alphasCumprod[t]) and sqrt(1 - alphasCumprod[t]). */
  readonly signal: Node;
  readonly spread: Node;
}

/** What a training step is given; see `methods.md` section 2. */
export interface DiffusionInputs extends StepNumbers {
  /** The true mask in diffusion space, [n, k, ...s] in {-1, 1}. */
  readonly xStart: Node;
  /** Standard normal [n, k, ...s], fresh for each of the two passes. */
  readonly noise: Node;
  readonly firstNoise: Node;
  /** The step after t. */
  readonly next: StepNumbers;
  /** [n] of 0 and 1: which samples see the prediction of the first pass. */
  readonly conditioned: Node;
}

/** What the network is shown at step t, where the loss is taken. */
interface NoisyInput {
  /** [n, k, ...s]. */
  readonly xT: Node;
  /** Class probabilities [n, k, ...s] of a first pass. */
  readonly condition?: Node;
}

export interface Strategy {
  /** Where the first pass is made; t is drawn so that there is such a step. */
  readonly firstPass: 'none' | 'same' | 'next' | 'noisiest';
  /** Whether the network takes a second mask, the prediction of a first pass. */
  readonly conditions: boolean;
  noisyInput(firstPass: FirstPass, inputs: DiffusionInputs): NoisyInput;
}

/** q(x_t | x_0), Ho et al. 2020 eq. 4, each sample at its own step. */
export function addNoise(xStart: Node, noise: Node, { signal, spread }: Pick<StepNumbers, 'signal' | 'spread'>): Node {
  return add(mul(xStart, perSample(signal, xStart)), mul(noise, perSample(spread, xStart)));
}

/** Class probabilities in diffusion space, as a first pass hands them on: no gradient flows back through it. */
export const recycled = (probability: Node): Node => stopGradient(sub(mul(probability, 2), 1));

/** [n] as [n, 1, ...], to be multiplied with `like`. */
export const perSample = (values: Node, like: Node): Node =>
  reshape(
    values,
    like.shape.map((extent, axis) => (axis === 0 ? extent : 1)),
  );

/** What a network sees of image and masks: the noisy one clipped to [-1, 1] and moved to [0, 1], behind the image's channels. */
export const networkInput = (image: Node, xT: Node, condition?: Node): Node =>
  concat([image, add(mul(min(max(xT, -1), 1), 0.5), 0.5), ...(condition ? [condition] : [])], 1);
