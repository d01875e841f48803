import { sizeOf } from '../graph/shape.ts';
import { drawImportant, observeLoss, type LossHistory } from '../diffusion/timesteps/importance.ts';
import { drawUniform, type Timestep } from '../diffusion/timesteps/timestep.ts';
import { fillNormal } from '../random/fillNormal.ts';
import { stream } from '../random/stream.ts';
import { comparesSquares, type DiffusionMethod } from './denoisingLoss.ts';
import { squaredErrorFactor } from './squaredError.ts';
import { strategies } from './strategies/strategies.ts';
import { emaDecay, learningRate, type LearningRatePlan } from './schedule.ts';
import type { NoiseSchedule } from '../diffusion/schedules/noiseSchedule.ts';
import type { Values } from '../engines/engine.ts';
import type { Batch } from '../data/batch.ts';
import type { Strategy } from './strategies/strategy.ts';
import type { TrainingStepConfig } from './trainingStep.ts';

export interface StepPlan {
  readonly config: TrainingStepConfig;
  readonly seed: number;
  readonly learningRate: LearningRatePlan;
  readonly emaDecay: number;
  readonly schedule: NoiseSchedule;
  readonly timeSampling: 'importance' | 'uniform';
}

/** What one step is fed, and the diffusion steps drawn for its samples (none for `direct`). */
export interface StepInputs {
  readonly feeds: Readonly<Record<string, Values>>;
  readonly timesteps: readonly Timestep[];
}

/** How many diffusion steps there are to draw from: a first pass at a noisier step leaves the noisiest to itself. */
export const drawableSteps = ({ config: { method }, schedule }: Pick<StepPlan, 'config' | 'schedule'>): number =>
  ['next', 'noisiest'].includes(firstPassOf(method)) ? schedule.numSteps - 1 : schedule.numSteps;

const firstPassOf = (method: TrainingStepConfig['method']): Strategy['firstPass'] =>
  method === 'direct' ? 'none' : strategies[method.strategy].firstPass;

/**
 * The inputs of a training step: a function of the plan, the batch, the step and the losses seen before it, so that a resumed training
 * computes the same.
 *
 * @param step From 0.
 */
export function stepInputs(plan: StepPlan, batch: Batch, step: number, history: LossHistory): StepInputs {
  const { config, seed } = plan;
  const numbers = {
    image: batch.image,
    label: Int32Array.from(batch.label),
    learningRate: Float32Array.of(learningRate(step, plan.learningRate)),
    correction1: Float32Array.of(1 / (1 - config.optimiser.beta1 ** (step + 1))),
    correction2: Float32Array.of(1 / (1 - config.optimiser.beta2 ** (step + 1))),
    emaDecay: Float32Array.of(emaDecay(step, plan.emaDecay)),
  };
  if (config.method === 'direct')
    return { feeds: { ...numbers, weight: new Float32Array(config.batchSize).fill(1) }, timesteps: [] };
  const timesteps = Array.from({ length: config.batchSize }, (_, i) => {
    const rng = stream(seed, 'timestep', step, i);
    return plan.timeSampling === 'importance' ? drawImportant(history, rng) : drawUniform(drawableSteps(plan), rng);
  });
  return { feeds: { ...numbers, ...diffusionInputs(plan, config.method, timesteps, step) }, timesteps };
}

function diffusionInputs(
  { config, seed, schedule }: StepPlan,
  method: DiffusionMethod,
  timesteps: readonly Timestep[],
  step: number,
): Record<string, Float32Array> {
  const size = config.batchSize * config.network.classes * sizeOf(config.patch);
  const noise = (purpose: string): Float32Array => {
    const values = new Float32Array(size);
    fillNormal(values, stream(seed, purpose, step));
    return values;
  };
  const perSample = (value: (drawn: Timestep, i: number) => number): Float32Array =>
    Float32Array.from(timesteps, value);
  const at = (ahead: 0 | 1, [time, signal, spread]: readonly [string, string, string]) => ({
    [time]: perSample(({ t }) => (t + ahead + 1) / schedule.numSteps),
    [signal]: perSample(({ t }) => Math.sqrt(schedule.alphasCumprod[t + ahead]!)),
    [spread]: perSample(({ t }) => Math.sqrt(1 - schedule.alphasCumprod[t + ahead]!)),
  });
  const { firstPass, conditions } = strategies[method.strategy];
  const factorAt = (t: number): number => squaredErrorFactor(config.loss, method.prediction, schedule, t);
  return {
    noise: noise('noise'),
    ...at(0, ['time', 'signal', 'spread']),
    weight: perSample(({ weight }) => weight),
    ...(firstPass === 'next' || firstPass === 'noisiest' ? { firstNoise: noise('firstNoise') } : {}),
    ...(firstPass === 'next' ? at(1, ['nextTime', 'nextSignal', 'nextSpread']) : {}),
    ...(comparesSquares(method, config.loss) ? { squaredErrorFactor: perSample(({ t }) => factorAt(t)) } : {}),
    ...(conditions ? { conditioned: perSample((_, i) => stream(seed, 'conditioned', step, i).integer(2)) } : {}),
  };
}

/** Notes a step's losses for the importance sampling of the steps after it. */
export function noteLosses(history: LossHistory, { timesteps }: StepInputs, sampleLoss: ArrayLike<number>): void {
  for (const [i, { t }] of timesteps.entries()) observeLoss(history, t, sampleLoss[i]!);
}
