import { add, max, min, mul } from '../../graph/elementwise.ts';
import { concat, reshape } from '../../graph/arrays.ts';
import type { Node } from '../../graph/ops.ts';

/** The network with its parameters: class logits [n, k, ...s] from an image and, in diffusion, the noisy mask and the step. */
export type Denoiser = (image: Node, xT: Node, time: Node) => Node;

/** What a training step is given; see `methods.md` section 2. */
export interface DiffusionInputs {
  /** float32 [n, c, ...s]. */
  readonly image: Node;
  /** The true mask in diffusion space, [n, k, ...s] in {-1, 1}. */
  readonly xStart: Node;
  /** Standard normal [n, k, ...s], fresh for each of the two passes. */
  readonly noise: Node;
  readonly firstNoise: Node;
  /** [n]: (t + 1) / T, sqrt(alphasCumprod[t]) and sqrt(1 - alphasCumprod[t]) of the step whose loss is taken. */
  readonly time: Node;
  readonly signal: Node;
  readonly spread: Node;
}

/** Gives the noisy mask [n, k, ...s] at step t on which the loss is taken. */
export type Strategy = (denoiser: Denoiser, inputs: DiffusionInputs) => Node;

/** q(x_t | x_0), Ho et al. 2020 eq. 4, each sample at its own step. */
export function addNoise(
  xStart: Node,
  noise: Node,
  { signal, spread }: Pick<DiffusionInputs, 'signal' | 'spread'>,
): Node {
  const perSample = (values: Node): Node =>
    reshape(
      values,
      xStart.shape.map((extent, axis) => (axis === 0 ? extent : 1)),
    );
  return add(mul(xStart, perSample(signal)), mul(noise, perSample(spread)));
}

/** What a network sees of image and noisy mask: the mask clipped to [-1, 1] and moved to [0, 1], behind the image's channels. */
export const networkInput = (image: Node, xT: Node): Node =>
  concat([image, add(mul(min(max(xT, -1), 1), 0.5), 0.5)], 1);
