import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balance, type Group, type Part } from '../../../../main/datasets/split/balance.ts';

const groups: fc.Arbitrary<readonly Group[]> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((people) =>
    people.map(([cases, has], n) => ({ name: `p${n}`, cases, structures: has.map((one) => (one ? cases : 0)) })),
  );

const counted = (all: readonly Group[], parts: ReadonlyMap<string, Part>, part: Part) =>
  all.filter(({ name }) => parts.get(name) === part);

describe('a balanced split', () => {
  it('puts every group into one part, in the usual shares', () => {
    fc.assert(
      fc.property(groups, fc.nat(), (all, seed) => {
        const parts = balance(all, seed);
        expect([...parts.keys()].toSorted()).toEqual(all.map(({ name }) => name).toSorted());
        const [test, validation] = (['test', 'validation'] as const).map((part) => counted(all, parts, part).length);
        expect(test).toBe(all.length < 3 ? 0 : Math.max(1, Math.round(0.2 * all.length)));
        expect(validation).toBe(all.length < 2 ? 0 : Math.max(1, Math.round(0.15 * all.length)));
      }),
    );
  });

  it('is the same for the same seed, in whatever order the groups come, and another for another', () => {
    const all = Array.from({ length: 30 }, (_, n) => ({ name: `p${n}`, cases: 1, structures: [1] }));
    const once = balance(all, 5);
    expect(new Map([...balance(all.toReversed(), 5)].toSorted())).toEqual(new Map([...once].toSorted()));
    expect([...balance(all, 6)].toSorted()).not.toEqual([...once].toSorted());
  });

  it('gives a rare structure to every part, which chance would often not', () => {
    for (let seed = 0; seed < 50; seed++) {
      const all = Array.from({ length: 40 }, (_, n) => ({
        name: `p${n}`,
        cases: 1,
        structures: [1, n < 20 ? 1 : 0, n % 10 === 0 ? 1 : 0],
      }));
      const parts = balance(all, seed);
      const having = (part: Part, structure: number) =>
        counted(all, parts, part).filter(({ structures }) => structures[structure]! > 0).length;
      expect([having('test', 1), having('validation', 1)]).toEqual([4, 3]);
      expect(having('test', 2)).toBe(1);
      expect(having('train', 2)).toBeGreaterThanOrEqual(2);
    }
  });
});
