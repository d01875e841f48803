import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../ml/engines/reference/evaluate.ts';
import { makeGraph } from '../../../ml/graph/graph.ts';
import { oneHot } from '../../../ml/graph/arrays.ts';
import { input } from '../../../ml/graph/sources.ts';
import { linear } from '../../../ml/diffusion/schedules/linear.ts';
import type { Membership } from '../../../ml/nn/classProbability.ts';
import { segmentationLoss, type SegmentationWeights } from '../../../ml/training/loss.ts';
import { lossOfGuessing } from '../../../ml/training/lossOfGuessing.ts';
import { maskOf, type Regions } from '../../../ml/training/maskOf.ts';
import { tinyNetwork } from './tinyStep.ts';

const none: SegmentationWeights = { dice: 0, focal: 0, crossEntropy: 0 };

/** The loss of each sample. logits [n, k, s], labels [n, s]. */
function lossOf(
  logits: readonly number[],
  labels: readonly number[],
  classes: number,
  n: number,
  weights: SegmentationWeights,
) {
  const s = labels.length / n;
  const mask = oneHot(input('label', [n, 1, s], 'int32'), classes);
  const loss = segmentationLoss(input('logits', [n, classes, s]), mask, weights);
  return [...evaluate(makeGraph({ loss }), { logits, label: labels })['loss']!];
}

/** Logits whose softmax is the given probability at every voxel. [k] to [1, k, s]. */
const logitsOf = (probability: readonly number[], voxels: number): readonly number[] =>
  probability.flatMap((p) => new Array<number>(voxels).fill(Math.log(p)));

describe('the Dice part', () => {
  const dice = { ...none, dice: 1 };

  it('is one minus the mean Dice of the foreground classes that are present', () => {
    // Four voxels, classes 0 1 1 2, every voxel with p = (0.2, 0.5, 0.3): Dice of 1 is 2 * 1 / (2 + 2), of 2 is 2 * 0.3 / (1.2 + 1).
    const [loss] = lossOf(logitsOf([0.2, 0.5, 0.3], 4), [0, 1, 1, 2], 3, 1, dice);
    expect(loss).toBeCloseTo(1 - (0.5 + 0.6 / 2.2) / 2, 4);
  });

  it('leaves out a class that is absent, and is 0 where there is only background', () => {
    const [loss] = lossOf(logitsOf([0.2, 0.5, 0.3], 4), [0, 1, 1, 0], 3, 1, dice);
    expect(loss).toBeCloseTo(0.5, 4);
    expect(lossOf(logitsOf([0.2, 0.5, 0.3], 4), [0, 0, 0, 0], 3, 1, dice)).toEqual([0]);
  });

  it('nears 0 for a perfect and 1 for a wrong answer', () => {
    const sure = (labels: readonly number[]) => [0, 1].flatMap((c) => labels.map((label) => (label === c ? 30 : -30)));
    expect(lossOf(sure([0, 1, 1, 0]), [0, 1, 1, 0], 2, 1, dice)[0]).toBeCloseTo(0, 4);
    expect(lossOf(sure([1, 0, 0, 1]), [0, 1, 1, 0], 2, 1, dice)[0]).toBeCloseTo(1, 4);
  });
});

describe('the focal part', () => {
  it('is the mean of -(1 - p)^2 log p of the true class', () => {
    const [loss] = lossOf(logitsOf([0.2, 0.5, 0.3], 4), [0, 1, 1, 2], 3, 1, { ...none, focal: 1 });
    const focal = (p: number) => -((1 - p) ** 2) * Math.log(p);
    expect(loss).toBeCloseTo((focal(0.2) + 2 * focal(0.5) + focal(0.3)) / 4, 12);
  });

  it('stays finite where the true class has no probability left', () => {
    const [loss] = lossOf([0, 0, 800, 800], [0, 0], 2, 1, { ...none, focal: 1 });
    expect(loss).toBeCloseTo(800, 6);
  });
});

it('cross entropy is the mean of -log p of the true class', () => {
  const [loss] = lossOf(logitsOf([0.2, 0.5, 0.3], 4), [0, 1, 1, 2], 3, 1, { ...none, crossEntropy: 1 });
  expect(loss).toBeCloseTo(-Math.log(0.2 * 0.5 * 0.5 * 0.3) / 4, 12);
});

const cases = fc.integer({ min: 2, max: 4 }).chain((classes) =>
  fc.record({
    classes: fc.constant(classes),
    logits: fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: classes * 12, maxLength: classes * 12 }),
    labels: fc.array(fc.nat(classes - 1), { minLength: 12, maxLength: 12 }),
  }),
);

describe('segmentationLoss', () => {
  it('is the weighted sum of its parts, each sample on its own', () => {
    fc.assert(
      fc.property(cases, ({ classes, logits, labels }) => {
        const whole = lossOf(logits, labels, classes, 2, { dice: 1, focal: 20, crossEntropy: 0.5 });
        const part = (weights: Partial<SegmentationWeights>, sample: number) =>
          lossOf(
            logits.slice(sample * classes * 6, (sample + 1) * classes * 6),
            labels.slice(sample * 6, (sample + 1) * 6),
            classes,
            1,
            { ...none, ...weights },
          )[0]!;
        for (const sample of [0, 1]) {
          const sum = part({ dice: 1 }, sample) + 20 * part({ focal: 1 }, sample) + part({ crossEntropy: 0.5 }, sample);
          expect(whole[sample]).toBeCloseTo(sum, 9);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('of guessing is never more than lossOfGuessing, which it reaches but for the Dice', () => {
    const weights = { dice: 1, focal: 20, crossEntropy: 3 };
    const [loss] = lossOf(new Array<number>(12).fill(0), [0, 1, 2, 1], 3, 1, weights);
    const config = {
      loss: { ...weights, noise: 0, variational: 0 },
      method: 'direct',
      network: tinyNetwork(),
    } as const;
    const most = lossOfGuessing(config, linear(100));
    expect(loss).toBeLessThan(most);
    expect(loss).toBeGreaterThan(most - 1);
  });
});

describe('independent classes', () => {
  // Label classes 0 to 3; class 1 is 1, 2 and 3, class 2 is 2 and 3: one within the other. Class 0 is the background.
  const regions: Regions = [[0], [1, 2, 3], [2, 3]];
  const labels = [0, 1, 2, 3];
  const truth = [
    [1, 0, 0, 0],
    [0, 1, 1, 1],
    [0, 0, 1, 1],
  ];

  const lossOfRegions = (logits: readonly number[], weights: SegmentationWeights, membership: Membership): number => {
    const mask = maskOf(input('label', [1, 1, 4], 'int32'), regions);
    const loss = segmentationLoss(input('logits', [1, 3, 4]), mask, weights, membership);
    return evaluate(makeGraph({ loss }), { logits, label: labels })['loss']![0]!;
  };

  const logits = [0.3, -1, 2, 0.5, -0.2, 1.5, 0.1, -3, 0.7, -0.4, 4, 0.9];
  const probability = logits.map((x) => 1 / (1 + Math.exp(-x)));
  const right = truth.flat().map((is, at) => (is === 1 ? probability[at]! : 1 - probability[at]!));
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;

  it('have a mask of their own, where voxels belong to several', () => {
    const mask = maskOf(input('label', [1, 1, 4], 'int32'), regions);
    expect([...evaluate(makeGraph({ mask }), { label: labels })['mask']!]).toEqual(truth.flat());
  });

  it('lose what is right about each of them, in it or not', () => {
    const cross = lossOfRegions(logits, { ...none, crossEntropy: 1 }, 'independent');
    expect(cross).toBeCloseTo(mean(right.map((p) => -Math.log(p))), 10);
    const focal = lossOfRegions(logits, { ...none, focal: 1 }, 'independent');
    expect(focal).toBeCloseTo(mean(right.map((p) => -((1 - p) ** 2) * Math.log(p))), 10);
  });

  it('have each a Dice of their own probability', () => {
    const dice = [1, 2].map((c) => {
      const own = probability.slice(4 * c, 4 * c + 4);
      const overlap = own.reduce((sum, p, v) => sum + p * truth[c]![v]!, 0);
      return (2 * overlap) / (own.reduce((a, b) => a + b) + truth[c]!.reduce((a, b) => a + b));
    });
    expect(lossOfRegions(logits, { ...none, dice: 1 }, 'independent')).toBeCloseTo(1 - mean(dice), 4);
  });

  it('stay finite for any logits', () => {
    const sure = truth.flat().map((is) => (is === 1 ? -900 : 900));
    expect(lossOfRegions(sure, { ...none, crossEntropy: 1 }, 'independent')).toBeCloseTo(900, 6);
    expect(
      lossOfRegions(
        sure.map((x) => -x),
        { ...none, crossEntropy: 1 },
        'independent',
      ),
    ).toBe(0);
  });
});
