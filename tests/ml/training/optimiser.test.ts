import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../ml/engines/reference/evaluate.ts';
import { makeGraph } from '../../../ml/graph/graph.ts';
import { input } from '../../../ml/graph/sources.ts';
import { emaDecay } from '../../../ml/training/schedule.ts';
import {
  adamW,
  averageName,
  clipGradients,
  defaultAdamW,
  gradientNorm,
  momentName,
  nextName,
  runningAverage,
  squareName,
  stepNumbers,
} from '../../../ml/training/optimiser.ts';
import { stream } from '../../../ml/random/stream.ts';

const shapes = { weight: [2, 3], bias: [3] } as const;
const names = ['weight', 'bias'] as const;
const sizes = { weight: 6, bias: 3 };
const CLIP = 1;
const DECAY = 0.999;

/** Clipping, AdamW and the running average on given gradients, as the training step joins them. */
function updateGraph() {
  const parameters = names.map((name) => input(name, shapes[name]));
  const gradients = names.map((name) => input(`gradient.${name}`, shapes[name]));
  const norm = gradientNorm(gradients);
  const numbers = stepNumbers();
  const updates = adamW(parameters, clipGradients(gradients, norm, CLIP), numbers, defaultAdamW);
  return makeGraph({ norm, ...updates, ...runningAverage(parameters, updates, numbers.emaDecay) });
}

type Numbers = Record<string, ArrayLike<number>>;

const draw = (purpose: string, step: number, scale: number): Numbers =>
  Object.fromEntries(
    names.map((name) => {
      const rng = stream(1, purpose, name, step);
      return [name, Float64Array.from({ length: sizes[name] }, () => scale * rng.normal())];
    }),
  );

const learningRateAt = (step: number): number => 0.01 * (step + 1);

/** Three steps through the graph; the first gradients are large enough to be clipped, the others are not. */
function runGraph(steps: number): Numbers {
  const graph = updateGraph();
  const start = draw('start', 0, 1);
  let state: Numbers = {};
  for (const name of names)
    Object.assign(state, {
      [name]: start[name],
      [averageName(name)]: start[name],
      [momentName(name)]: new Float64Array(sizes[name]),
      [squareName(name)]: new Float64Array(sizes[name]),
    });
  for (let step = 0; step < steps; step++) {
    const gradients = draw('gradient', step, step === 0 ? 5 : 0.05);
    const out = evaluate(graph, {
      ...state,
      ...Object.fromEntries(names.map((name) => [`gradient.${name}`, gradients[name]!])),
      learningRate: [learningRateAt(step)],
      correction1: [1 / (1 - defaultAdamW.beta1 ** (step + 1))],
      correction2: [1 / (1 - defaultAdamW.beta2 ** (step + 1))],
      emaDecay: [emaDecay(step, DECAY)],
    });
    state = Object.fromEntries(Object.keys(state).map((name) => [name, out[nextName(name)]!]));
  }
  return state;
}

/** The same by the formulas of the paper (Loshchilov and Hutter 2019, algorithm 2), one number after another. */
function runPlainly(steps: number): Numbers {
  const { beta1, beta2, epsilon, weightDecay } = defaultAdamW;
  const state: Numbers = {};
  const start = draw('start', 0, 1);
  for (const name of names) {
    const theta = Float64Array.from(start[name]!);
    const average = theta.slice();
    const m = new Float64Array(theta.length);
    const v = new Float64Array(theta.length);
    for (let step = 0; step < steps; step++) {
      const gradients = draw('gradient', step, step === 0 ? 5 : 0.05);
      const all = names.flatMap((each) => [...Array.from(gradients[each]!)]);
      const norm = Math.sqrt(all.reduce((sum, g) => sum + g * g, 0));
      const factor = norm > CLIP ? CLIP / (norm + 1e-6) : 1;
      const n = step + 1;
      const decay = Math.min(DECAY, (1 + step) / (10 + step));
      for (let i = 0; i < theta.length; i++) {
        const g = gradients[name]![i]! * factor;
        m[i] = beta1 * m[i]! + (1 - beta1) * g;
        v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
        const adam = m[i]! / (1 - beta1 ** n) / (Math.sqrt(v[i]! / (1 - beta2 ** n)) + epsilon);
        theta[i]! -= learningRateAt(step) * (adam + (name === 'weight' ? weightDecay * theta[i]! : 0));
        average[i] = decay * average[i]! + (1 - decay) * theta[i]!;
      }
    }
    Object.assign(state, {
      [name]: theta,
      [averageName(name)]: average,
      [momentName(name)]: m,
      [squareName(name)]: v,
    });
  }
  return state;
}

describe('an update', () => {
  it.each([1, 2, 3])('is that of the papers after %i steps: clipped, AdamW, running average', (steps) => {
    const [ours, plain] = [runGraph(steps), runPlainly(steps)];
    expect(Object.keys(ours).toSorted()).toEqual(Object.keys(plain).toSorted());
    for (const [name, values] of Object.entries(plain))
      for (let i = 0; i < values.length; i++) expect(ours[name]![i]).toBeCloseTo(values[i]!, 10);
  });

  it('scales all gradients together to the clip, and leaves small ones alone', () => {
    const gradients = [input('a', [2]), input('b', [1])];
    const norm = gradientNorm(gradients);
    const [a, b] = clipGradients(gradients, norm, 1);
    const graph = makeGraph({ norm, a: a!, b: b! });
    const large = evaluate(graph, { a: [3, 0], b: [4] });
    expect(large['norm']![0]).toBeCloseTo(5, 12);
    expect([...large['a']!, ...large['b']!].map((value) => Number(value.toFixed(6)))).toEqual([0.6, 0, 0.8]);
    expect(evaluate(graph, { a: [0.3, 0], b: [0.4] })['b']![0]).toBe(0.4);
  });
});
