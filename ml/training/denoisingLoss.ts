import { add, div, max, min, mul, sub } from '../graph/elementwise.ts';
import { input } from '../graph/sources.ts';
import { classProbability } from '../nn/classProbability.ts';
import { unet } from '../nn/unet.ts';
import type { Node } from '../graph/ops.ts';
import type { Scope } from '../nn/parameters.ts';
import type { UNetConfig } from '../nn/unetConfig.ts';
import type { PredictionName } from '../diffusion/prediction.ts';
import { comparesClasses, segmentationLoss, type LossWeights } from './loss.ts';
import { squaredError, type SquaredErrorWeights } from './squaredError.ts';
import { strategies, type StrategyName } from './strategies/strategies.ts';
import {
  networkInput,
  perSample,
  type DiffusionInputs,
  type FirstPass,
  type StepNumbers,
} from './strategies/strategy.ts';

/** How a diffusion network is trained, and what it answers. */
export interface DiffusionMethod {
  readonly strategy: StrategyName;
  /** Default: the mask. */
  readonly prediction?: PredictionName;
}

/** Whether a training compares squares, for which it must be fed factors. */
export const comparesSquares = (
  { prediction }: DiffusionMethod,
  { noise, variational }: SquaredErrorWeights,
): boolean => prediction === 'noise' || noise + variational > 0;

/**
 * The losses [n] of one denoising step, made as the strategy says.
 *
 * @param image float32 [n, c, ...s].
 * @param mask  float32 [n, k, ...s] of 0 and 1.
 */
export function denoisingLoss(
  { network, loss }: { readonly network: UNetConfig; readonly loss: LossWeights },
  method: DiffusionMethod,
  scope: Scope,
  image: Node,
  mask: Node,
): Node {
  const { membership } = network;
  const { strategy, prediction = 'xStart' } = method;
  const inputs = diffusionInputs(mask);
  const ask = (xT: Node, time: Node, condition?: Node): Node =>
    unet(scope, network, networkInput(image, xT, condition), time);
  const firstPass: FirstPass = (xT, at, condition) => {
    const answer = ask(xT, at.time, condition);
    return prediction === 'xStart' ? classProbability(answer, membership) : withoutNoise(answer, xT, at);
  };
  const { xT, condition } = strategies[strategy].noisyInput(firstPass, inputs);
  const answer = ask(xT, inputs.time, condition);
  const squared = (a: Node, b: Node): Node => mul(squaredError(a, b), input('squaredErrorFactor', [mask.shape[0]!]));
  if (prediction === 'noise') return squared(answer, noiseIn(xT, inputs));
  const parts: Node[] = [];
  if (comparesClasses(loss)) parts.push(segmentationLoss(answer, mask, loss, membership));
  if (comparesSquares(method, loss))
    parts.push(squared(sub(mul(classProbability(answer, membership), 2), 1), inputs.xStart));
  return parts.reduce((total, part) => add(total, part));
}

/** The mask that is left without the noise, clipped and moved to [0, 1]. */
function withoutNoise(noise: Node, xT: Node, { signal, spread }: StepNumbers): Node {
  const xStart = div(sub(xT, mul(noise, perSample(spread, xT))), perSample(signal, xT));
  return add(mul(min(max(xStart, -1), 1), 0.5), 0.5);
}

/** The noise that makes xT of the true mask, whatever a strategy has made it of. */
const noiseIn = (xT: Node, { xStart, signal, spread }: DiffusionInputs): Node =>
  div(sub(xT, mul(xStart, perSample(signal, xT))), perSample(spread, xT));

/** Those that no strategy uses do not become inputs of the graph. */
function diffusionInputs(mask: Node): DiffusionInputs {
  const n = mask.shape[0]!;
  const numbers = (time: string, signal: string, spread: string): StepNumbers => ({
    time: input(time, [n]),
    signal: input(signal, [n]),
    spread: input(spread, [n]),
  });
  return {
    xStart: sub(mul(mask, 2), 1),
    noise: input('noise', mask.shape),
    firstNoise: input('firstNoise', mask.shape),
    ...numbers('time', 'signal', 'spread'),
    next: numbers('nextTime', 'nextSignal', 'nextSpread'),
    conditioned: input('conditioned', [n]),
  };
}
