import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapInterval, groupValues } from '../../../ml/evaluation/bootstrap.ts';
import { compareModels } from '../../../ml/evaluation/comparison.ts';
import { summarise } from '../../../ml/evaluation/summary.ts';
import { signedRankTest } from '../../../ml/evaluation/wilcoxon.ts';
import { stream } from '../../../ml/random/stream.ts';
import { runPython } from '../../support/python.ts';

const alone = (values: readonly number[]) => values.map((value, index) => ({ value, group: String(index) }));

describe('signedRankTest', () => {
  it('agrees with scipy: exact without ties, all sign patterns with ties, normal for many pairs', async () => {
    const script = `
import json, itertools
import numpy as np
from scipy import stats
rng = np.random.default_rng(3)
cases = []
for n in (1, 5, 12, 30, 50):
    d = rng.standard_normal(n) + 0.3
    cases.append((d, stats.wilcoxon(d, method='exact').pvalue))
for n in (6, 10):
    d = rng.integers(-3, 5, n).astype(float)
    kept = d[d != 0]
    ranks = stats.rankdata(abs(kept))
    seen = ranks[kept > 0].sum()
    sums = np.array([np.dot(signs, ranks) for signs in itertools.product((0, 1), repeat=len(ranks))])
    cases.append((d, min(1, 2 * min((sums <= seen).mean(), (sums >= seen).mean()))))
for d in (rng.standard_normal(120) + 0.2, rng.integers(-4, 6, 90).astype(float)):
    cases.append((d, stats.wilcoxon(d, method='asymptotic', correction=False).pvalue))
print(json.dumps([[list(d), float(p)] for d, p in cases], allow_nan=False))`;
    const cases = await runPython<[number[], number][]>(script, []);
    for (const [differences, p] of cases) {
      expect(Math.abs(signedRankTest(differences).p - p), `${differences.length} pairs`).toBeLessThan(1e-6 * p);
    }
  });

  it('finds nothing where all pairs are equal', () => {
    expect(signedRankTest([0, 0, 0])).toMatchObject({ pairs: 0, p: 1 });
  });

  it('does not care which model comes first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 80 }), (differences) => {
        const swapped = signedRankTest(differences.map((difference) => -difference));
        expect(swapped.p).toBeCloseTo(signedRankTest(differences).p, 9);
      }),
    );
  });
});

describe('bootstrapInterval', () => {
  it('covers the true mean about 95 times in 100', () => {
    let covered = 0;
    const trials = 300;
    for (let trial = 0; trial < trials; trial++) {
      const draw = stream(trial, 'values');
      const interval = bootstrapInterval(
        alone(Array.from({ length: 40 }, () => draw.normal())),
        stream(trial, 'resamples'),
        400,
      )!;
      if (interval.low <= 0 && interval.high >= 0) covered++;
    }
    // 95 % less what a percentile interval of 40 values is known to lack, give or take three standard errors.
    expect(covered / trials).toBeGreaterThan(0.89);
    expect(covered / trials).toBeLessThan(0.985);
  });

  it('gives the same interval for the same seed', () => {
    const values = alone([0.1, 0.5, 0.4, 0.9]);
    expect(bootstrapInterval(values, stream(1))).toEqual(bootstrapInterval(values, stream(1)));
  });

  it('is not narrowed by a second image of the same person', () => {
    const once = alone([0.1, 0.5, 0.4, 0.9, 0.6]);
    const width = (interval: { low: number; high: number } | undefined) => interval!.high - interval!.low;
    expect(width(bootstrapInterval([...once, ...once], stream(2)))).toBeCloseTo(
      width(bootstrapInterval(once, stream(2))),
      12,
    );
  });

  it('keeps the values of one person together', () => {
    const observations = [
      { group: 'a', value: 1 },
      { group: 'b', value: 2 },
      { group: 'a', value: 3 },
    ];
    expect(groupValues(observations)).toEqual([[1, 3], [2]]);
  });

  it('claims no interval for one person', () => {
    const one = [1, 2, 3].map((value) => ({ value, group: 'a' }));
    expect(bootstrapInterval(one, stream(0))).toBeUndefined();
  });
});

describe('summarise', () => {
  it('gives mean, spread, median and how many cases are missing', () => {
    const observations = [1, 2, undefined, 6].map((value, index) => ({ value, group: String(index) }));
    expect(summarise(observations, stream(0))).toMatchObject({
      count: 3,
      missing: 1,
      mean: 3,
      standardDeviation: Math.sqrt(7),
      median: 2,
    });
  });

  it('has nothing to say where no case has the metric', () => {
    expect(summarise([{ value: undefined, group: 'a' }], stream(0))).toBeUndefined();
  });
});

describe('compareModels', () => {
  it('pairs by case, leaves out cases that one model lacks, and tests persons rather than images', () => {
    const pairs = [
      { group: 'a', first: 0.9, second: 0.8 },
      { group: 'a', first: 0.7, second: 0.8 },
      { group: 'b', first: 0.9, second: 0.6 },
      { group: 'c', first: undefined, second: 0.5 },
    ];
    const comparison = compareModels(pairs, stream(0))!;
    expect(comparison).toMatchObject({ count: 3, missing: 1 });
    expect(comparison.meanDifference).toBeCloseTo(0.1, 12);
    expect(comparison.test.pairs).toBeLessThanOrEqual(2);
    expect(comparison.interval!.low).toBeLessThanOrEqual(0.1);
  });

  it('has nothing to say where the models share no case', () => {
    expect(compareModels([{ group: 'a', first: 1, second: undefined }], stream(0))).toBeUndefined();
  });
});
