import { expect, it } from 'vitest';
import { scoreCase } from '../../../ml/evaluation/caseScores.ts';
import { summariseSmall } from '../../../ml/evaluation/smallObjects.ts';
import { stream } from '../../../ml/random/stream.ts';
import { gridOf } from './maskPairs.ts';

const structures = [
  { value: 1, name: 'lesion' },
  { value: 2, name: 'rare' },
];

/** A line of `size` voxels of which `found` are found. */
function lesion(size: number, found: number) {
  const line = (length: number) => Uint8Array.from({ length: 40 }, (_, v) => (v < length ? 1 : 0));
  const scores = scoreCase(line(found), line(size), gridOf([40, 1, 1], [1, 1, 1]), structures, 1);
  return { case: `${size}`, group: `${size}`, structures: scores };
}

it('summarises the third of the cases with the smallest reference, those without the structure left out', () => {
  const cases = [lesion(30, 30), lesion(4, 2), lesion(20, 20), lesion(0, 3), lesion(2, 0), lesion(10, 10)];
  const [small, ...others] = summariseSmall(cases, stream(0));
  // Two of the five that have a lesion; nobody has the rare one.
  expect(others).toEqual([]);
  expect(small).toMatchObject({ structure: 'lesion', largest: 4 });
  expect(small!.metrics.dice).toMatchObject({ count: 2, mean: (4 / 6 + 0) / 2 });
  expect(small!.metrics.dice!.interval).toBeDefined();
  expect(small!.metrics.hausdorff95).toMatchObject({ count: 1, missing: 1 });
});

it('says nothing of fewer than three cases', () => {
  expect(summariseSmall([lesion(2, 1), lesion(3, 1)], stream(0))).toEqual([]);
});
