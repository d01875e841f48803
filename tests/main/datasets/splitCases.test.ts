import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DatasetCase } from '../../../main/datasets/dataset.ts';
import { splitCases } from '../../../main/datasets/splitCases.ts';

const caseOf = (id: string, group: string): DatasetCase => ({ id, group, images: [id], label: id });
const people = (count: number) =>
  Array.from({ length: count }, (_, n) => [caseOf(`p${n}-l`, `p${n}`), caseOf(`p${n}-r`, `p${n}`)]).flat();

describe('splitCases', () => {
  it('puts every case in one part, and each person on one side', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), (count, seed) => {
        const cases = people(count);
        const split = splitCases({ cases, split: undefined }, seed);
        const parts = [split.train, split.validation, split.test];
        expect(parts.flat().toSorted()).toEqual(cases.map(({ id }) => id).toSorted());
        const groups = parts.map((ids) => new Set(ids.map((id) => id.split('-')[0])));
        expect(groups.reduce((sum, { size }) => sum + size, 0)).toBe(count);
        expect(split.train.length).toBeGreaterThan(0);
        if (count >= 3) for (const part of parts) expect(part.length).toBeGreaterThan(0);
      }),
    );
  });

  it('depends on the seed and not on the order of the cases', () => {
    const cases = people(20);
    const sorted = (seed: number, from: readonly DatasetCase[]) =>
      splitCases({ cases: from, split: undefined }, seed).test.toSorted();
    expect(sorted(1, cases.toReversed())).toEqual(sorted(1, cases));
    expect(sorted(2, cases)).not.toEqual(sorted(1, cases));
  });

  it('moves few people when one more comes', () => {
    const before = new Set(splitCases({ cases: people(100), split: undefined }, 0).test);
    const after = splitCases({ cases: people(101), split: undefined }, 0).test;
    expect(after.filter((id) => !before.has(id)).length).toBeLessThanOrEqual(2);
  });

  it('leaves images without label out, and keeps a split that is laid down', () => {
    const unlabelled: DatasetCase = { id: 'x', group: 'x', images: ['x'] };
    const made = splitCases({ cases: [...people(3), unlabelled], split: undefined }, 0);
    expect([...made.train, ...made.validation, ...made.test]).not.toContain('x');
    const split = { train: ['p0-l'], validation: [], test: [] };
    expect(splitCases({ cases: people(3), split }, 0)).toBe(split);
  });
});
