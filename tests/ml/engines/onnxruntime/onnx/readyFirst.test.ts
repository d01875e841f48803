import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readyFirst } from '../../../../../ml/engines/onnxruntime/onnx/readyFirst.ts';
import type { OnnxNode } from '../../../../../ml/engines/onnxruntime/onnx/model.ts';

const node = (output: string, inputs: readonly string[]): OnnxNode => ({
  name: output,
  op: 'Add',
  domain: '',
  inputs,
  outputs: [output],
  attributes: {},
});

describe('readyFirst', () => {
  it('keeps every node once, behind its operands', () => {
    const chains = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(chains, (operands) => {
        const nodes = operands.map((of, i) => node(`v${i}`, i === 0 ? ['x'] : of.map((number) => `v${number % i}`)));
        const order = readyFirst(nodes);
        expect(new Set(order)).toEqual(new Set(nodes));
        expect(order.length).toBe(nodes.length);
        const seen = new Set(['x']);
        for (const { inputs, outputs } of order) {
          expect(inputs.every((name) => seen.has(name))).toBe(true);
          for (const name of outputs) seen.add(name);
        }
      }),
    );
  });

  it('puts what only the end needs soon after what it is made of', () => {
    const forward = [node('a', ['x']), node('b', ['a']), node('c', ['b']), node('d', ['c'])];
    const backward = [node('d2', ['d']), node('c2', ['c']), node('b2', ['b']), node('a2', ['a'])];
    const names = readyFirst([...forward, ...backward]).map(({ name }) => name);
    for (const name of ['a', 'b', 'c', 'd']) expect(names.indexOf(`${name}2`) - names.indexOf(name)).toBeLessThan(4);
  });
});
