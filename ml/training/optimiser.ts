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
  /** Largest norm of all gradients together. */
  readonly clip: number;
}

export const defaultAdamW: AdamWConfig = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, clip: 1 };

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

/**
 * One AdamW update of every parameter (Loshchilov and Hutter 2019, algorithm 2) with clipping by the global norm, and the running
 * average of the parameters. Returns the new values under `nextName`.
 */
export function adamW(
  parameters: readonly NodeOf<'input'>[],
  gradients: readonly Node[],
  norm: Node,
  numbers: StepNumbers,
  config: AdamWConfig,
): Record<string, Node> {
  const factor = min(div(config.clip, add(norm, 1e-6)), 1);
  const outputs: Record<string, Node> = {};
  for (const [i, parameter] of parameters.entries()) {
    const { name } = parameter.attributes;
    const gradient = mul(gradients[i]!, factor);
    const kept = (state: string): Node => input(state, parameter.shape);
    const moment = blend(kept(momentName(name)), gradient, config.beta1);
    const squares = blend(kept(squareName(name)), square(gradient), config.beta2);
    const direction = div(
      mul(moment, numbers.correction1),
      add(sqrt(mul(squares, numbers.correction2)), config.epsilon),
    );
    const decay = parameter.shape.length > 1 ? config.weightDecay : 0;
    const pull = decay === 0 ? direction : add(direction, mul(parameter, decay));
    const updated = sub(parameter, mul(pull, numbers.learningRate));
    const average = kept(averageName(name));
    outputs[nextName(name)] = updated;
    outputs[nextName(momentName(name))] = moment;
    outputs[nextName(squareName(name))] = squares;
    outputs[nextName(averageName(name))] = add(updated, mul(sub(average, updated), numbers.emaDecay));
  }
  return outputs;
}

const blend = (old: Node, fresh: Node, share: number): Node => add(mul(old, share), mul(fresh, 1 - share));
