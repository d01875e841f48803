import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../ml/engines/reference/evaluate.ts';
import { makeGraph } from '../../../ml/graph/graph.ts';
import { input } from '../../../ml/graph/sources.ts';
import { selfAttention } from '../../../ml/nn/attention.ts';
import { groupNorm } from '../../../ml/nn/layers.ts';
import { initialise, ParameterStore, scopeOf } from '../../../ml/nn/parameters.ts';

const values = (count: number) =>
  fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: count, maxLength: count });

const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length;

describe('groupNorm', () => {
  it('brings each group of each sample to mean 0 and variance 1, then scales, moves and shifts its channels', () => {
    const [n, c, s, groups] = [2, 4, 6, 2];
    fc.assert(
      fc.property(values(n * c * s), values(c), values(c), values(n * c), (x, scale, bias, shift) => {
        const store = new ParameterStore();
        const y = groupNorm(scopeOf(store), input('x', [n, c, 2, 3]), { groups, shift: input('shift', [n, c]) });
        const got = evaluate(makeGraph({ y }), { x, scale, bias, shift })['y']!;
        const size = (c / groups) * s;
        for (let at = 0; at < x.length; at++) {
          const group = Math.floor(at / size);
          const members = x.slice(group * size, (group + 1) * size);
          const centre = mean(members);
          const variance = mean(members.map((value) => (value - centre) ** 2));
          const channel = Math.floor(at / s);
          const normed = (x[at]! - centre) / Math.sqrt(variance + 1e-5);
          expect(got[at]).toBeCloseTo(normed * scale[channel % c]! + bias[channel % c]! + shift[channel]!, 5);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('stays finite on a channel that is constant', () => {
    const y = groupNorm(scopeOf(new ParameterStore()), input('x', [1, 2, 4]), { groups: 2 });
    const got = evaluate(makeGraph({ y }), { x: new Array<number>(8).fill(1e3), scale: [1, 1], bias: [5, 6] })['y']!;
    expect([...got]).toEqual([5, 5, 5, 5, 6, 6, 6, 6]);
  });
});

describe('selfAttention', () => {
  const build = (positions: readonly number[]) => {
    const store = new ParameterStore();
    const y = selfAttention(scopeOf(store), input('x', [1, 4, ...positions]), { heads: 2, groups: 4 });
    return { store, graph: makeGraph({ y }) };
  };
  const x = Array.from({ length: 24 }, (_, i) => Math.sin(i * i));

  it('does not know where a voxel lies: it commutes with a reordering of the positions', () => {
    const { store, graph } = build([2, 3]);
    const parameters = initialise(store.specs, 0);
    const order = [3, 0, 5, 1, 4, 2];
    const reorder = (values: ArrayLike<number>): number[] =>
      Array.from({ length: 24 }, (_, at) => values[6 * Math.floor(at / 6) + order[at % 6]!]!);
    const plain = evaluate(graph, { ...parameters, x })['y']!;
    const moved = evaluate(graph, { ...parameters, x: reorder(x) })['y']!;
    for (const [i, value] of reorder(plain).entries()) expect(moved[i]).toBeCloseTo(value, 9);
    expect(Math.max(...x.map((value, i) => Math.abs(value - plain[i]!)))).toBeGreaterThan(0.01);
  });

  it('adds the mean of the values where all scores are alike', () => {
    const { store, graph } = build([2, 3]);
    const parameters = Object.fromEntries(
      store.specs.map(({ name, shape }) => {
        const isIdentity = /^(value|out)\.weight$/.test(name);
        const size = shape.reduce((a, b) => a * b, 1);
        const one = name === 'norm.scale' ? 1 : 0;
        return [name, Array.from({ length: size }, (_, i) => (isIdentity ? Number(i % 5 === 0) : one))];
      }),
    );
    // An instance norm leaves every channel with mean 0, so the mean of the values is their bias.
    const fed = { ...parameters, 'value.bias': [1, 2, 3, 4], x };
    const got = evaluate(graph, fed)['y']!;
    for (let i = 0; i < 24; i++) expect(got[i]).toBeCloseTo(x[i]! + Math.floor(i / 6) + 1, 9);
  });
});
