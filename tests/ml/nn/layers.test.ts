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

  it('adds to each position the values of all, weighted by the softmax over them of its query with their keys', () => {
    const { store, graph } = build([2, 3]);
    const parameters: Record<string, ArrayLike<number>> = {};
    for (const { name, shape } of store.specs) {
      const isMatrix = name.endsWith('weight');
      const size = shape.reduce((a, b) => a * b, 1);
      parameters[name] = Array.from({ length: size }, (_, i) => (isMatrix ? Math.sin(i + name.length) : 0));
    }
    parameters['norm.scale'] = [1, 1, 1, 1];
    const [channels, positions, heads] = [4, 6, 2];
    const rows = [0, 1, 2, 3].map((c) => x.slice(6 * c, 6 * c + 6));
    const normed = rows.map((row) => {
      const centre = mean(row);
      const variance = mean(row.map((value) => (value - centre) ** 2));
      return row.map((value) => (value - centre) / Math.sqrt(variance + 1e-5));
    });
    const project = (name: string, from: readonly (readonly number[])[]) =>
      rows.map((_, o) =>
        Array.from({ length: positions }, (__, p) =>
          from.reduce((sum, row, c) => sum + parameters[`${name}.weight`]![o * channels + c]! * row[p]!, 0),
        ),
      );
    const [query, key, value] = [project('query', normed), project('key', normed), project('value', normed)];
    const mixed = rows.map((_, c) => {
      const width = channels / heads;
      const head = Array.from({ length: width }, (__, i) => Math.floor(c / width) * width + i);
      return Array.from({ length: positions }, (__, p) => {
        const scores = Array.from({ length: positions }, (___, q) =>
          Math.exp(head.reduce((sum, h) => sum + query[h]![p]! * key[h]![q]!, 0) / Math.sqrt(width)),
        );
        const total = scores.reduce((a, b) => a + b);
        return scores.reduce((sum, score, q) => sum + (score / total) * value[c]![q]!, 0);
      });
    });
    const expected = project('out', mixed).flatMap((row, c) => row.map((added, p) => added + rows[c]![p]!));
    const got = evaluate(graph, { ...parameters, x })['y']!;
    for (const [i, added] of expected.entries()) expect(got[i]).toBeCloseTo(added, 9);
  });
});
