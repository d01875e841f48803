import { describe, expect, it } from 'vitest';
import { gradients } from '../../../ml/autodiff/gradients.ts';
import { evaluate, type Feeds } from '../../../ml/engines/reference/evaluate.ts';
import { add, mul, square, sub } from '../../../ml/graph/elementwise.ts';
import { reshape, softmax, sum } from '../../../ml/graph/arrays.ts';
import { inputsOf, makeGraph } from '../../../ml/graph/graph.ts';
import { constant, input } from '../../../ml/graph/sources.ts';
import { stream } from '../../../ml/random/stream.ts';
import { networkInput, type FirstPass } from '../../../ml/training/strategies/strategy.ts';
import { recycling } from '../../../ml/training/strategies/recycling.ts';
import { recyclingNext } from '../../../ml/training/strategies/recyclingNext.ts';
import { selfConditioning, selfConditioningNext } from '../../../ml/training/strategies/selfConditioning.ts';
import { standard } from '../../../ml/training/strategies/standard.ts';
import type { Node } from '../../../ml/graph/ops.ts';

const shape = [2, 3, 4, 4];
const size = 2 * 3 * 16;

const inputs = {
  xStart: input('xStart', shape),
  noise: input('noise', shape),
  firstNoise: input('firstNoise', shape),
  time: input('time', [2]),
  signal: input('signal', [2]),
  spread: input('spread', [2]),
  next: { time: input('nextTime', [2]), signal: input('nextSignal', [2]), spread: input('nextSpread', [2]) },
  conditioned: input('conditioned', [2]),
};

function draw(name: string, count = size): readonly number[] {
  const rng = stream(3, name);
  return Array.from({ length: count }, () => rng.normal());
}

const signal = [0.9, 0.2] as const;
const spread = signal.map((value) => Math.sqrt(1 - value ** 2));

const feeds = {
  image: draw('image', 32),
  xStart: draw('xStart').map(Math.sign),
  noise: draw('noise'),
  firstNoise: draw('firstNoise'),
  time: [0.3, 0.7],
  signal,
  spread,
  nextTime: [0.4, 0.8],
  nextSignal: [0.8, 0.1],
  nextSpread: [0.6, Math.sqrt(1 - 0.1 ** 2)],
  conditioned: [1, 0],
  scale: [0.5, -1, 2],
} satisfies Feeds;

const scale = input('scale', [1, 3, 1, 1]);
const image = input('image', [2, 1, 4, 4]);

/** A network of three weights that sees everything it is given. */
const firstPass: FirstPass = (xT, { time }) => softmax(add(mul(sub(xT, image), scale), reshape(time, [2, 1, 1, 1])), 1);

const valuesOf = (node: Node, fed: Feeds = feeds): readonly number[] => [
  ...evaluate(makeGraph({ node }), fed)['node']!,
];

const noised = (xStart: readonly number[]): readonly number[] =>
  xStart.map((value, i) => {
    const sample = Math.floor(i / (size / 2));
    return signal[sample]! * value + spread[sample]! * feeds.noise[i]!;
  });

describe('standard', () => {
  it('puts the noise of t on the true mask, each sample at its own t', () => {
    expect(valuesOf(standard.noisyInput(firstPass, inputs).xT)).toEqual(noised(feeds.xStart));
  });
});

describe('recycling', () => {
  it('puts the noise of t on a prediction made from pure noise at T-1', () => {
    const seen: Parameters<FirstPass>[] = [];
    const { xT } = recycling.noisyInput((...pass) => {
      seen.push(pass);
      return firstPass(...pass);
    }, inputs);
    const [one, zero] = [constant([1], [2]), constant([0], [2])];
    const noisiest = { time: one, signal: zero, spread: one };
    expect(seen).toEqual([[inputs.firstNoise, noisiest]]);
    const first = valuesOf(firstPass(inputs.firstNoise, noisiest));
    const expected = noised(first.map((probability) => 2 * probability - 1));
    for (const [i, value] of valuesOf(xT).entries()) expect(value).toBeCloseTo(expected[i]!, 12);
  });

  it('lets nothing of the true mask into the first pass', () => {
    const { xT } = recycling.noisyInput(firstPass, inputs);
    expect([...inputsOf(makeGraph({ xT })).keys()]).not.toContain('xStart');
    expect(valuesOf(xT, { ...feeds, xStart: feeds.xStart.map((value) => -value) })).toEqual(valuesOf(xT));
  });

  it('sends no gradient through the first pass: it is that of a graph where the prediction is given', () => {
    const { xT } = recycling.noisyInput(firstPass, inputs);
    const given = input('given', shape);
    const slopeOf = (noisy: Node): Node => {
      const loss = sum(square(firstPass(noisy, inputs)), [0, 1, 2, 3]);
      return gradients(loss, [scale])[0]!;
    };
    const slope = valuesOf(slopeOf(xT));
    expect(slope).toEqual(valuesOf(slopeOf(given), { ...feeds, given: valuesOf(xT) }));
    expect(slope.every((value) => Math.abs(value) > 1e-3)).toBe(true);
  });
});

/** q(x | x_0) with the numbers of a step, each sample at its own. */
const noisedAt = (
  xStart: readonly number[],
  noise: readonly number[],
  [signals, spreads]: readonly [readonly number[], readonly number[]],
): readonly number[] =>
  xStart.map((value, i) => {
    const sample = Math.floor(i / (size / 2));
    return signals[sample]! * value + spreads[sample]! * noise[i]!;
  });

const next = [feeds.nextSignal, feeds.nextSpread] as const;

const expectClose = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i]!, 12);
};

describe('recyclingNext', () => {
  it('puts fresh noise of t on a prediction made at t+1 from the noised true mask', () => {
    const { xT } = recyclingNext.noisyInput(firstPass, inputs);
    const seen = { ...feeds, seen: noisedAt(feeds.xStart, feeds.firstNoise, next) };
    const first = valuesOf(firstPass(input('seen', shape), inputs.next), seen);
    expectClose(valuesOf(xT), noised(first.map((probability) => 2 * probability - 1)));
  });

  it('sends no gradient through the first pass', () => {
    const { xT } = recyclingNext.noisyInput(firstPass, inputs);
    expect(valuesOf(gradients(sum(xT, [0, 1, 2, 3]), [scale])[0]!)).toEqual([0, 0, 0]);
  });
});

/** A network that also sees the second mask. */
const conditioned: FirstPass = (xT, at, condition) =>
  add(firstPass(xT, at), mul(condition!, input('weight', [1, 3, 1, 1])));

const withWeight = { ...feeds, weight: [1, 2, -1] } satisfies Feeds;

describe.each([
  ['selfConditioning', selfConditioning, [signal, spread], inputs, feeds.noise],
  ['selfConditioningNext', selfConditioningNext, next, inputs.next, feeds.firstNoise],
] as const)('%s', (_, strategy, numbers, at, noise) => {
  const { xT, condition } = strategy.noisyInput(conditioned, inputs);

  it('shows the noised true mask at t', () => {
    expectClose(valuesOf(xT, withWeight), noised(feeds.xStart));
  });

  it('shows the samples that are drawn the prediction of a first pass with an empty second mask, the others none', () => {
    const seen = { ...withWeight, seen: noisedAt(feeds.xStart, noise, numbers) };
    const first = valuesOf(conditioned(input('seen', shape), at, constant([0], shape)), seen);
    const expected = first.map((probability, i) => (i < size / 2 ? probability : 0));
    expectClose(valuesOf(condition!, withWeight), expected);
  });

  it('sends no gradient through the first pass', () => {
    expect(valuesOf(gradients(sum(condition!, [0, 1, 2, 3]), [scale])[0]!, withWeight)).toEqual([0, 0, 0]);
  });
});

describe('networkInput', () => {
  it('clips the noisy mask to [-1, 1], moves it to [0, 1] and puts it behind the image', () => {
    const seen = valuesOf(networkInput(image, inputs.noise));
    const ofSample = (values: readonly number[], sample: number) =>
      values.slice((sample * values.length) / 2, ((sample + 1) * values.length) / 2);
    const moved = feeds.noise.map((value) => Math.max(-1, Math.min(1, value)) * 0.5 + 0.5);
    const expected = [0, 1].flatMap((sample) => [...ofSample(feeds.image, sample), ...ofSample(moved, sample)]);
    expect(seen).toEqual(expected);
  });
});
