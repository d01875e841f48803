import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyLossHistory, observeLoss } from '../../../ml/diffusion/timesteps/importance.ts';
import { linear } from '../../../ml/diffusion/schedules/linear.ts';
import { drawableSteps, noteLosses, stepInputs, type StepPlan } from '../../../ml/training/stepInputs.ts';
import { emaDecay, learningRate } from '../../../ml/training/schedule.ts';
import { inputsOf } from '../../../ml/graph/graph.ts';
import { defaultLoss } from '../../../ml/training/loss.ts';
import { squaredErrorFactor } from '../../../ml/training/squaredError.ts';
import { strategyNames } from '../../../ml/training/strategies/strategies.ts';
import { trainingStep } from '../../../ml/training/trainingStep.ts';
import { tinyStep } from './tinyStep.ts';
import type { Batch } from '../../../ml/data/batch.ts';
import type { TrainingStepConfig } from '../../../ml/training/trainingStep.ts';

const T = 100;

const planOf = (method: TrainingStepConfig['method'], seed = 7): StepPlan => ({
  config: tinyStep(method),
  seed,
  learningRate: { peak: 1e-3, warmup: 5, total: 50, final: 1e-4 },
  emaDecay: 0.99,
  schedule: linear(T),
  timeSampling: 'importance',
});

const batch = {
  image: new Float32Array(2 * 64).fill(0.5),
  label: new Uint8Array(2 * 64).fill(1),
} as unknown as Batch;

const drawn = (plan: StepPlan, step: number, history = emptyLossHistory(drawableSteps(plan))) =>
  stepInputs(plan, batch, step, history);

describe('stepInputs', () => {
  it('draws t from [0, T-1) where a first pass is at a noisier step, else from [0, T), over all of it', () => {
    for (const [strategy, count] of [
      ['recycling', T - 1],
      ['recyclingNext', T - 1],
      ['selfConditioningNext', T - 1],
      ['selfConditioning', T],
      ['standard', T],
    ] as const) {
      const plan = planOf({ strategy });
      const ts = Array.from({ length: 1000 }, (_, step) => drawn(plan, step).timesteps.map(({ t }) => t)).flat();
      expect(Math.min(...ts)).toBe(0);
      expect(Math.max(...ts)).toBe(count - 1);
    }
  });

  it('tells the network (t + 1) / T and gives signal and noise their shares of the schedule', () => {
    const plan = planOf({ strategy: 'standard' });
    fc.assert(
      fc.property(fc.nat(1000), (step) => {
        const { feeds, timesteps } = drawn(plan, step);
        for (const [i, { t }] of timesteps.entries()) {
          expect(feeds['time']![i]).toBeCloseTo((t + 1) / T, 6);
          expect(feeds['signal']![i]! ** 2).toBeCloseTo(plan.schedule.alphasCumprod[t]!, 6);
          expect(feeds['signal']![i]! ** 2 + feeds['spread']![i]! ** 2).toBeCloseTo(1, 6);
        }
      }),
    );
  });

  it('gives the first pass at t+1 the numbers of that step', () => {
    const plan = planOf({ strategy: 'recyclingNext' });
    const { feeds, timesteps } = drawn(plan, 3);
    for (const [i, { t }] of timesteps.entries()) {
      expect(feeds['nextTime']![i]).toBeCloseTo((t + 2) / T, 6);
      expect(feeds['nextSignal']![i]! ** 2).toBeCloseTo(plan.schedule.alphasCumprod[t + 1]!, 6);
      expect(feeds['nextSpread']![i]! ** 2).toBeCloseTo(1 - plan.schedule.alphasCumprod[t + 1]!, 6);
    }
  });

  it('shows a prediction to half of the samples in self-conditioning', () => {
    const plan = planOf({ strategy: 'selfConditioning' });
    const shown = Array.from({ length: 400 }, (_, step) => [...drawn(plan, step).feeds['conditioned']!]).flat();
    expect(new Set(shown)).toEqual(new Set([0, 1]));
    expect(Math.abs(shown.reduce((a, b) => a + b) - 400)).toBeLessThan(60);
  });

  it.each(strategyNames)('feeds what the training step takes, and nothing else: %s', (strategy) => {
    const { graph, state } = trainingStep(tinyStep({ strategy }));
    const taken = [...inputsOf(graph).keys()].filter((name) => !(name in state));
    expect(Object.keys(drawn(planOf({ strategy }), 0).feeds).sort()).toEqual(taken.sort());
  });

  it('feeds factors of squared errors where the noise is predicted or they have a weight', () => {
    const methods = [
      [
        { strategy: 'standard', prediction: 'noise' },
        { ...defaultLoss, noise: 1 },
      ],
      [
        { strategy: 'recyclingNext', prediction: 'noise' },
        { ...defaultLoss, noise: 1 },
      ],
      [{ strategy: 'recycling' }, { ...defaultLoss, variational: 0.5 }],
    ] as const;
    for (const [method, loss] of methods) {
      const plan = planOf(method);
      const config = { ...plan.config, loss };
      const { graph, state } = trainingStep(config);
      const taken = [...inputsOf(graph).keys()].filter((name) => !(name in state));
      const { feeds, timesteps } = drawn({ ...plan, config }, 0);
      expect(Object.keys(feeds).sort()).toEqual(taken.sort());
      const { prediction } = { prediction: undefined, ...method };
      const factors = timesteps.map(({ t }) => squaredErrorFactor(loss, prediction, plan.schedule, t));
      expect(feeds['squaredErrorFactor']).toEqual(Float32Array.from(factors));
    }
  });

  it('gives the optimiser the numbers of its step', () => {
    const plan = planOf('direct');
    const { feeds } = drawn(plan, 9);
    expect(feeds['learningRate']![0]).toBeCloseTo(learningRate(9, plan.learningRate), 9);
    expect(feeds['correction1']![0]).toBeCloseTo(1 / (1 - 0.9 ** 10), 5);
    expect(feeds['correction2']![0]).toBeCloseTo(1 / (1 - 0.999 ** 10), 3);
    expect(feeds['emaDecay']![0]).toBeCloseTo(emaDecay(9, 0.99), 6);
  });

  it('is the same for the same seed and step, and new noise for any other', () => {
    const plan = planOf({ strategy: 'recycling' });
    expect(drawn(plan, 3)).toEqual(drawn(plan, 3));
    const { noise, firstNoise } = drawn(plan, 3).feeds;
    const others = [firstNoise, drawn(plan, 4).feeds['noise'], drawn({ ...plan, seed: 8 }, 3).feeds['noise']];
    for (const other of others) expect(other).not.toEqual(noise);
  });

  it('feeds direct training no diffusion input and weighs its samples alike', () => {
    const { feeds, timesteps } = drawn(planOf('direct'), 0);
    expect(timesteps).toEqual([]);
    expect(feeds['weight']).toEqual(Float32Array.of(1, 1));
    expect(feeds).not.toHaveProperty('noise');
  });

  it('draws by importance once every t was seen, with weights that keep the mean', () => {
    const plan = planOf({ strategy: 'recycling' });
    const history = emptyLossHistory(T - 1);
    for (let t = 0; t < T - 1; t++) for (let n = 0; n < 10; n++) observeLoss(history, t, t < 10 ? 10 : 0.1);
    const all = Array.from({ length: 500 }, (_, step) => drawn(plan, step, history).timesteps).flat();
    const early = all.filter(({ t }) => t < 10);
    expect(early.length / all.length).toBeGreaterThan(0.8);
    expect(all.reduce((sum, { weight }) => sum + weight, 0) / all.length).toBeCloseTo(1, 0);
    expect(Math.max(...early.map(({ weight }) => weight))).toBeLessThan(0.2);
  });
});

describe('noteLosses', () => {
  it('notes the loss of each sample at its t', () => {
    const plan = planOf({ strategy: 'recycling' });
    const history = emptyLossHistory(T - 1);
    const inputs = drawn(plan, 0, history);
    noteLosses(history, inputs, [2, 3]);
    const [first, second] = inputs.timesteps;
    expect(first!.t).not.toBe(second!.t);
    expect([history.meanSquares[first!.t], history.meanSquares[second!.t]]).toEqual([4, 9]);
    expect(history.counts.reduce((a, b) => a + b)).toBe(2);
  });
});
