import { add, div, min, mul, sqrt, square, sub } from '../graph/elementwise.ts';
import { reshape, sum } from '../graph/arrays.ts';
import { input } from '../graph/sources.ts';
import type { Node, NodeOf } from '../graph/ops.ts';

export interface AdamWConfig {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Applied to weights of two and more axes; biases and scales of normalisations are left alone. */
  readonly weightDecay: number;
}

export const defaultAdamW: AdamWConfig = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };

/** Numbers that change with the step, all float32 [1]: computed on the host in float64, given at each run. */
export interface StepNumbers {
  readonly learningRate: Node;
  /** 1 / (1 - beta^n) at the n-th update, n from 1. */
  readonly correction1: Node;
  readonly correction2: Node;
  readonly emaDecay: Node;
}

export const stepNumbers = (): StepNumbers => ({
  learningRate: input('learningRate', [1]),
  correction1: input('correction1', [1]),
  correction2: input('correction2', [1]),
  emaDecay: input('emaDecay', [1]),
});

/** Names of what the optimiser keeps for a parameter. */
export const momentName = (parameter: string): string => `moment.${parameter}`;
export const squareName = (parameter: string): string => `square.${parameter}`;
export const averageName = (parameter: string): string => `average.${parameter}`;
export const nextName = (state: string): string => `next.${state}`;

/** Global norm of the gradients, [1]. */
export const gradientNorm = (gradients: readonly Node[]): Node =>
  sqrt(
    gradients
      .map((gradient) => reshape(sum(square(gradient), [...gradient.shape.keys()]), [1]))
      .reduce((a, b) => add(a, b)),
  );

/** Gradients scaled down together where their global norm [1] is larger than `clip`. */
export function clipGradients(gradients: readonly Node[], norm: Node, clip: number): readonly Node[] {
  const factor = min(div(clip, add(norm, 1e-6)), 1);
  return gradients.map((gradient) => mul(gradient, factor));
}

/**
 * One AdamW update of every parameter (Loshchilov and Hutter 2019, algorithm 2): the new values under `nextName`.
 *
 * @param scaleOf The share of the learning rate that a parameter takes.
 */
export function adamW(
  parameters: readonly NodeOf<'input'>[],
  gradients: readonly Node[],
  { learningRate, correction1, correction2 }: Omit<StepNumbers, 'emaDecay'>,
  { beta1, beta2, epsilon, weightDecay }: AdamWConfig,
  scaleOf: (name: string) => number = () => 1,
): Record<string, Node> {
  const outputs: Record<string, Node> = {};
  for (const [i, parameter] of parameters.entries()) {
    const { name } = parameter.attributes;
    const gradient = gradients[i]!;
    const moment = blend(input(momentName(name), parameter.shape), gradient, beta1);
    const squares = blend(input(squareName(name), parameter.shape), square(gradient), beta2);
    const direction = div(mul(moment, correction1), add(sqrt(mul(squares, correction2)), epsilon));
    const pull =
      parameter.shape.length > 1 && weightDecay > 0 ? add(direction, mul(parameter, weightDecay)) : direction;
    outputs[nextName(name)] = sub(parameter, mul(pull, mul(learningRate, scaleOf(name))));
    outputs[nextName(momentName(name))] = moment;
    outputs[nextName(squareName(name))] = squares;
  }
  return outputs;
}

/** The running average of the parameters after an update (methods.md section 1, EMA): new values under `nextName`. */
export function runningAverage(
  parameters: readonly NodeOf<'input'>[],
  updates: Readonly<Record<string, Node>>,
  emaDecay: Node,
): Record<string, Node> {
  return Object.fromEntries(
    parameters.map(({ attributes: { name }, shape }) => {
      const updated = updates[nextName(name)]!;
      const average = input(averageName(name), shape);
      return [nextName(averageName(name)), add(updated, mul(sub(average, updated), emaDecay))];
    }),
  );
}

const blend = (old: Node, fresh: Node, share: number): Node => add(mul(old, share), mul(fresh, 1 - share));
