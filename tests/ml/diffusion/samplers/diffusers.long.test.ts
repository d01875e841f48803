import { describe, expect, it } from 'vitest';
import { ddim } from '../../../../ml/diffusion/samplers/ddim.ts';
import { ddpm } from '../../../../ml/diffusion/samplers/ddpm.ts';
import { dpmSolver } from '../../../../ml/diffusion/samplers/dpmSolver.ts';
import { solveEps } from '../../../../ml/diffusion/gaussian/addNoise.ts';
import { sampleStreams } from '../../../../ml/diffusion/samplers/sampleNoise.ts';
import { xStartFromNoise, type PredictXStart, type SamplerStep } from '../../../../ml/diffusion/samplers/sampler.ts';
import { startFromNoise } from '../../../../ml/diffusion/samplers/start.ts';
import { noiseSchedules } from '../../../../ml/diffusion/schedules/noiseSchedules.ts';
import { respace, type RespacedSchedule } from '../../../../ml/diffusion/schedules/respace.ts';
import type { Rng } from '../../../../ml/random/rng.ts';
import { runPython } from '../../../support/python.ts';
import { largestDifference } from '../largestDifference.ts';

/**
 * One step of the schedulers of the PyPI package diffusers, `prediction_type` "sample" or "epsilon", from each of our x_t, prediction and noise.
 * - A mask without its predicted noise is clipped to [-1, 1], by us and, but for DPMSolverMultistepScheduler, which has no such setting, by
 *   them; there the network is one whose masks need no clipping.
 * - Its tables are float32; their float64 values take their place, or it would differ from us by more than 1e-6 near t = 0.
 * - DDPMScheduler takes our steps as its timesteps and then derives beta and both variances from the ratio of their alphas_cumprod, as
 *   respacing does; the beta of the 1000 steps is nowhere in it.
 * - DDIMScheduler takes no timesteps: it goes down by num_train_timesteps // num_inference_steps, so that number is set before each
 *   step to the fraction that leads to our next one.
 * - DPMSolverMultistepScheduler keeps the prediction of the step before, and is asked for every step in order.
 */
const script = `
import json, sys, numpy, torch
from fractions import Fraction
from diffusers import DDIMScheduler, DDPMScheduler, DPMSolverMultistepScheduler
from diffusers.schedulers import scheduling_ddpm

def tensor(values):
    return torch.tensor(values, dtype=torch.float64)

def double_betas(schedule):
    if schedule == 'linear':
        return numpy.linspace(1e-4, 0.02, 1000)
    signal = numpy.cos((numpy.arange(1001) / 1000 + 0.008) / 1.008 * numpy.pi / 2) ** 2
    return numpy.minimum(1 - signal[1:] / signal[:-1], 0.999)

def scheduler_of(case):
    name = {'linear': 'linear', 'cosine': 'squaredcos_cap_v2'}[case['schedule']]
    options = dict(beta_schedule=name, beta_end=0.02, prediction_type=case['prediction'], clip_sample=case['prediction'] == 'epsilon')
    if case['sampler'] == 'ddim':
        scheduler = DDIMScheduler(1000, 1e-4, **options)
    else:
        scheduler = DDPMScheduler(1000, 1e-4, variance_type=case['variance'], **options)
        scheduler.set_timesteps(timesteps=case['steps'])
    betas = double_betas(case['schedule'])
    assert numpy.allclose(scheduler.betas, betas, rtol=1e-5, atol=0)
    scheduler.alphas_cumprod = tensor(numpy.cumprod(1 - betas))
    return scheduler

def run_solver(case):
    scheduler = DPMSolverMultistepScheduler(1000, 1e-4, beta_schedule={'linear': 'linear', 'cosine': 'squaredcos_cap_v2'}[case['schedule']],
        beta_end=0.02, prediction_type=case['prediction'], algorithm_type='dpmsolver++', solver_order=2, solver_type='midpoint')
    scheduler.set_timesteps(timesteps=case['steps'])
    signal = numpy.cumprod(1 - double_betas(case['schedule']))[case['steps']]
    scheduler.sigmas = tensor([*numpy.sqrt((1 - signal) / signal), 0.0])
    return [scheduler.step(tensor(predicted), t, tensor(x)).prev_sample.tolist()
        for t, predicted, x in zip(case['steps'][:-1], case['predicted'], case['seen'])]

def run(case):
    if case['sampler'] == 'dpm-solver':
        return run_solver(case)
    scheduler = scheduler_of(case)
    results = []
    for t, prev, *values in zip(case['steps'], case['steps'][1:], case['seen'], case['predicted'], case['noise']):
        x, predicted, noise = (tensor([v]) for v in values)
        if case['sampler'] == 'ddim':
            scheduler.num_inference_steps = Fraction(1000, t - prev)
            step = scheduler.step(predicted, t, x, eta=case['eta'], variance_noise=noise, use_clipped_model_output=True)
        else:
            scheduling_ddpm.randn_tensor = lambda *_, **__: noise
            step = scheduler.step(predicted, t, x)
        results.append(step.prev_sample[0].tolist())
    return results

print(json.dumps([run(case) for case in json.load(sys.stdin)]))
`;

const chains = (['linear', 'cosine'] as const).flatMap((schedule) =>
  [2, 5, 50, 1000].flatMap((count) => [
    { schedule, count, sampler: 'ddim', eta: 0 } as const,
    { schedule, count, sampler: 'ddim', eta: 0.7 } as const,
    { schedule, count, sampler: 'ddim', eta: 1 } as const,
    { schedule, count, sampler: 'dpm-solver' } as const,
    { schedule, count, sampler: 'ddpm', variance: 'fixed_small' } as const,
    { schedule, count, sampler: 'ddpm', variance: 'fixed_large' } as const,
  ]),
);

const cases = (['sample', 'epsilon'] as const).flatMap((prediction) =>
  chains.filter(({ count }) => prediction === 'sample' || count < 1000).map((chain) => ({ ...chain, prediction })),
);

function chainOf(
  drawn: (typeof cases)[number],
  ...chain: readonly [PredictXStart, Float32Array, RespacedSchedule, readonly Rng[]]
): AsyncGenerator<SamplerStep, void> {
  switch (drawn.sampler) {
    case 'ddim':
      return ddim(...chain, drawn.eta);
    case 'dpm-solver':
      return dpmSolver(chain[0], chain[1], chain[2]);
    case 'ddpm':
      return ddpm(...chain, drawn.variance === 'fixed_small' ? 'fixedSmall' : 'fixedLarge');
  }
}

/** What our sampler does in a case: every x_t it shows the network, what it is told, and the noise it draws in between. */
async function trace(drawn: (typeof cases)[number]) {
  const trained = noiseSchedules[drawn.schedule](1000);
  const schedule = respace(trained, drawn.count);
  const seen: number[][] = [];
  const predicted: number[][] = [];
  const predict: PredictXStart = (xT, t) => {
    const wavy = xT.map((x) => Math.tanh(1.5 * x + Math.sin(t)));
    seen.push([...xT]);
    if (drawn.prediction === 'sample') {
      predicted.push([...wavy]);
      return Promise.resolve(wavy);
    }
    const reach = drawn.sampler === 'dpm-solver' ? 0.99 : 1.2;
    const eps = solveEps(
      xT,
      wavy.map((x) => reach * x),
      t,
      trained,
    );
    predicted.push([...eps]);
    return xStartFromNoise(() => Promise.resolve(eps), trained)(xT, t);
  };
  const [rngs, copies] = [sampleStreams(1, 0, 2), sampleStreams(1, 0, 2)];
  const xEnd = startFromNoise(8, rngs);
  startFromNoise(8, copies);
  const chain = chainOf(drawn, predict, xEnd, schedule, rngs);
  const steps: number[] = [];
  for await (const { t } of chain) steps.push(t);
  const noise = steps.slice(1).map(() => [...startFromNoise(8, copies)]);
  return { ...drawn, steps, seen, predicted, noise };
}

describe('samplers', () => {
  it('take the same steps as the schedulers of diffusers', async () => {
    const traces = await Promise.all(cases.map(trace));
    const theirs = await runPython<number[][][]>(script, [], { oracles: 'torch', input: JSON.stringify(traces) });
    for (const [i, { steps, seen, ...setting }] of traces.entries()) {
      expect(theirs[i]).toHaveLength(steps.length - 1);
      for (const [at, xPrev] of theirs[i]!.entries()) {
        const name = `${JSON.stringify([setting.schedule, setting.sampler, setting.count, setting.prediction])} from step ${steps[at]!}`;
        expect(largestDifference(seen[at + 1]!, xPrev), name).toBeLessThan(1e-6);
      }
    }
  });
});
