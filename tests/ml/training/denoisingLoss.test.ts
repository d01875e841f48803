import { describe, expect, it } from 'vitest';
import { evaluate, type Feeds } from '../../../ml/engines/reference/evaluate.ts';
import { makeGraph } from '../../../ml/graph/graph.ts';
import { input } from '../../../ml/graph/sources.ts';
import { softmax } from '../../../ml/graph/arrays.ts';
import { initialise, ParameterStore, scopeOf } from '../../../ml/nn/parameters.ts';
import { unet } from '../../../ml/nn/unet.ts';
import { stream } from '../../../ml/random/stream.ts';
import { denoisingLoss, type DiffusionMethod } from '../../../ml/training/denoisingLoss.ts';
import { defaultLoss, segmentationLoss, type LossWeights } from '../../../ml/training/loss.ts';
import { networkInput } from '../../../ml/training/strategies/strategy.ts';
import { tinyNetwork } from './tinyStep.ts';
import type { Node } from '../../../ml/graph/ops.ts';

const network = tinyNetwork({ maskChannels: 3 });
const shape = [2, 3, 8, 8];
const size = 2 * 3 * 64;
const image = input('image', [2, 1, 8, 8]);
const mask = input('mask', shape);

const draw = (name: string, count: number): number[] => {
  const rng = stream(4, name);
  return Array.from({ length: count }, () => rng.normal());
};

const signal = [0.8, 0.3];
const spread = signal.map((value) => Math.sqrt(1 - value ** 2));
const nextSignal = [0.7, 0.2];
const nextSpread = nextSignal.map((value) => Math.sqrt(1 - value ** 2));
const truth = draw('mask', size).map((_, at) => Number(Math.floor(at / 64) % 3 === at % 3));
const xStart = truth.map((value) => 2 * value - 1);
const [noise, firstNoise] = [draw('noise', size), draw('firstNoise', size)];

const store = new ParameterStore();
const answerTo = (xT: Node, time: Node): Node => unet(scopeOf(store), network, networkInput(image, xT), time);
answerTo(input('seen', shape), input('at', [2]));
const feeds: Feeds = {
  ...initialise(store.specs, 3),
  image: draw('image', 128),
  mask: truth,
  noise,
  firstNoise,
  time: [0.3, 0.7],
  signal,
  spread,
  nextTime: [0.4, 0.8],
  nextSignal,
  nextSpread,
  squaredErrorFactor: [2, 0.5],
};

const valuesOf = (node: Node, more: Feeds = {}): number[] => [
  ...evaluate(makeGraph({ node }), { ...feeds, ...more })['node']!,
];

const lossOf = (method: DiffusionMethod, loss: LossWeights): number[] =>
  valuesOf(denoisingLoss({ network, loss }, method, scopeOf(store), image, mask));

/** Of each sample. */
const meanSquares = (a: readonly number[], b: readonly number[]): number[] =>
  [0, 1].map((sample) => {
    const own = a.slice((sample * size) / 2, ((sample + 1) * size) / 2);
    return own.reduce((sum, value, at) => sum + (value - b[(sample * size) / 2 + at]!) ** 2, 0) / own.length;
  });

const noised = (clean: readonly number[], eps: readonly number[], [a, b]: readonly [number[], number[]]): number[] =>
  clean.map((value, at) => {
    const sample = Math.floor(at / (size / 2));
    return a[sample]! * value + b[sample]! * eps[at]!;
  });

const [seen, at] = [input('seen', shape), input('at', [2])];
const answer = (xT: readonly number[], time: readonly number[]): number[] =>
  valuesOf(answerTo(seen, at), { seen: xT, at: time });

const expectClose = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i]!, 9);
};

const ofNoise: LossWeights = { dice: 0, focal: 0, crossEntropy: 0, noise: 1, variational: 0 };

describe('a network that predicts the noise', () => {
  it('is compared with the noise that was drawn, where it is on the true mask', () => {
    const xT = noised(xStart, noise, [signal, spread]);
    const [first, second] = meanSquares(answer(xT, [0.3, 0.7]), noise);
    expectClose(lossOf({ strategy: 'standard', prediction: 'noise' }, ofNoise), [2 * first!, 0.5 * second!]);
  });

  it('is compared with all that is not the true mask, where its own prediction is recycled', () => {
    const xNext = noised(xStart, firstNoise, [nextSignal, nextSpread]);
    const eps = answer(xNext, [0.4, 0.8]);
    const clean = xNext.map((x, i) => {
      const sample = Math.floor(i / (size / 2));
      return Math.max(-1, Math.min(1, (x - nextSpread[sample]! * eps[i]!) / nextSignal[sample]!));
    });
    const xT = noised(clean, noise, [signal, spread]);
    const target = xT.map((x, i) => {
      const sample = Math.floor(i / (size / 2));
      return (x - signal[sample]! * xStart[i]!) / spread[sample]!;
    });
    const [first, second] = meanSquares(answer(xT, [0.3, 0.7]), target);
    expectClose(lossOf({ strategy: 'recyclingNext', prediction: 'noise' }, ofNoise), [2 * first!, 0.5 * second!]);
  });
});

describe('a network that predicts the mask', () => {
  const xT = noised(xStart, noise, [signal, spread]);

  it('loses by its classes, and by its squared error where that has a weight', () => {
    const logits = answerTo(seen, at);
    const told = { seen: xT, at: [0.3, 0.7] };
    const ofClasses = valuesOf(segmentationLoss(logits, mask, defaultLoss), told);
    expectClose(lossOf({ strategy: 'standard' }, defaultLoss), ofClasses);
    const guess = valuesOf(softmax(logits, 1), told).map((p) => 2 * p - 1);
    const [first, second] = meanSquares(guess, xStart);
    const both = { ...defaultLoss, variational: 1 };
    expectClose(lossOf({ strategy: 'standard' }, both), [ofClasses[0]! + 2 * first!, ofClasses[1]! + 0.5 * second!]);
    expectClose(lossOf({ strategy: 'standard' }, ofNoise), [2 * first!, 0.5 * second!]);
  });
});
