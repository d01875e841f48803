import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../ml/engines/reference/evaluate.ts';
import { geometry } from '../../../ml/graph/images.ts';
import { makeNode } from '../../../ml/graph/node.ts';
import { sizeOf } from '../../../ml/graph/shape.ts';
import { input } from '../../../ml/graph/sources.ts';
import { allOps, makeCase, seeds } from '../engines/support/cases.ts';
import type { ElementType, Node, OpKind, Shape } from '../../../ml/graph/ops.ts';

const x = (...shape: Shape): Node => input('x', shape);
const typed = (type: ElementType, ...shape: Shape): Node => input('t', shape, type);
const plain = geometry(2);

/** What each primitive has to refuse, with a word of its complaint. */
const refusals: Readonly<Record<OpKind, Readonly<Record<string, () => Node>>>> = {
  input: {
    'integers of at least 1': () => x(2, 0),
    'takes 0 operands': () => makeNode('input', [x(1)], { name: 'y', shape: [1], type: 'float32' }),
  },
  constant: {
    'do not fill': () => makeNode('constant', [], { data: [1, 2, 3], shape: [2], type: 'float32' }),
    'integers of at least 1': () => makeNode('constant', [], { data: [1], shape: [1.5], type: 'float32' }),
  },
  neg: { 'takes float32': () => makeNode('neg', [typed('int32', 2)], {}) },
  exp: { 'takes 1 operands': () => makeNode('exp', [x(1), x(1)], {}) },
  log: { 'takes float32': () => makeNode('log', [typed('int32', 2)], {}) },
  sqrt: { 'takes float32': () => makeNode('sqrt', [typed('int32', 2)], {}) },
  abs: { 'takes float32': () => makeNode('abs', [typed('int32', 2)], {}) },
  sign: { 'takes float32': () => makeNode('sign', [typed('bool', 2)], {}) },
  sigmoid: { 'takes 1 operands': () => makeNode('sigmoid', [], {}) },
  tanh: { 'takes float32': () => makeNode('tanh', [typed('int32', 2)], {}) },
  erf: { 'takes float32': () => makeNode('erf', [typed('int32', 2)], {}) },
  sin: { 'takes float32': () => makeNode('sin', [typed('int32', 2)], {}) },
  cos: { 'takes float32': () => makeNode('cos', [typed('int32', 2)], {}) },
  swish: { 'takes float32': () => makeNode('swish', [typed('int32', 2)], { alpha: 1 }) },
  swishGradient: { 'of one shape': () => makeNode('swishGradient', [x(2), x(1)], { alpha: 1 }) },
  stopGradient: { 'takes 1 operands': () => makeNode('stopGradient', [x(1), x(1)], {}) },
  add: {
    'differ along axis 1: 3 and 2': () => makeNode('add', [x(2, 3), x(2, 2)], {}),
    'differ in rank': () => makeNode('add', [x(2, 3), x(3)], {}),
  },
  sub: { 'takes 2 operands': () => makeNode('sub', [x(2)], {}) },
  mul: { 'takes float32': () => makeNode('mul', [x(2), typed('int32', 2)], {}) },
  div: { 'differ along axis 0': () => makeNode('div', [x(2), x(3)], {}) },
  max: { 'differ along axis 0': () => makeNode('max', [x(2), x(3)], {}) },
  min: { 'takes float32': () => makeNode('min', [typed('int32', 2), typed('int32', 2)], {}) },
  less: {
    'compares two': () => makeNode('less', [x(2), typed('int32', 2)], {}),
    'takes 2 operands': () => makeNode('less', [x(2), x(2), x(2)], {}),
  },
  equal: { 'compares two': () => makeNode('equal', [typed('bool', 2), typed('bool', 2)], {}) },
  select: {
    'takes a bool': () => makeNode('select', [x(2), x(2), x(2)], {}),
    'of one type': () => makeNode('select', [typed('bool', 2), x(2), typed('int32', 2)], {}),
    'takes 3 operands': () => makeNode('select', [typed('bool', 2), x(2)], {}),
  },
  cast: { 'takes 1 operands': () => makeNode('cast', [], { to: 'int32' }) },
  reshape: {
    'does not fill': () => makeNode('reshape', [x(2, 3)], { shape: [4] }),
    'integers of at least 1': () => makeNode('reshape', [x(2, 3)], { shape: [-2, -3] }),
  },
  transpose: {
    'permutes every axis': () => makeNode('transpose', [x(2, 3)], { permutation: [0] }),
    'named twice': () => makeNode('transpose', [x(2, 3)], { permutation: [0, 0] }),
  },
  broadcastTo: { 'does not broadcast to': () => makeNode('broadcastTo', [x(2, 3)], { shape: [1, 3] }) },
  slice: {
    'outside the operand': () => makeNode('slice', [x(4)], { start: [2], stop: [5], step: [1] }),
    'needs 1 integers of at least 1': () => makeNode('slice', [x(4)], { start: [0], stop: [4], step: [0] }),
  },
  pad: { 'integers of at least 0': () => makeNode('pad', [x(4)], { low: [-1], high: [0], interior: [0] }) },
  concat: {
    'differ off the joined axis': () => makeNode('concat', [x(2, 3), x(2, 4)], { axis: 0 }),
    'of one type': () => makeNode('concat', [x(2), typed('int32', 2)], { axis: 0 }),
    'joins operands': () => makeNode('concat', [], { axis: 0 }),
  },
  gather: {
    'int32 [m]': () => makeNode('gather', [x(2, 3), x(2)], { axis: 0 }),
    'axis 2 is not of': () => makeNode('gather', [x(2, 3), typed('int32', 2)], { axis: 2 }),
  },
  scatterAdd: {
    'indices do not fit': () => makeNode('scatterAdd', [x(2, 3), typed('int32', 3)], { axis: 0, size: 4 }),
    'size [0]': () => makeNode('scatterAdd', [x(2, 3), typed('int32', 2)], { axis: 0, size: 0 }),
  },
  sum: {
    'axis 2 is not of': () => makeNode('sum', [x(2, 3)], { axes: [2] }),
    'named twice': () => makeNode('sum', [x(2, 3)], { axes: [1, 1] }),
  },
  reduceMax: { 'axis -1 is not of': () => makeNode('reduceMax', [x(2, 3)], { axes: [-1] }) },
  argMax: { 'axis 2 is not of': () => makeNode('argMax', [x(2, 3)], { axis: 2 }) },
  matmul: {
    'takes [...b, m, k]': () => makeNode('matmul', [x(2, 3), x(2, 3)], {}),
    'and [...b, k, n]': () => makeNode('matmul', [x(2, 2, 3), x(1, 3, 2)], {}),
  },
  conv: {
    'channels do not fit': () => makeNode('conv', [x(1, 3, 5, 5), x(2, 2, 3, 3)], plain),
    'do not divide into 2 groups': () => makeNode('conv', [x(1, 4, 5, 5), x(3, 2, 3, 3)], geometry(2, { groups: 2 })),
    'result [0, 0]': () => makeNode('conv', [x(1, 2, 2, 2), x(2, 2, 3, 3)], plain),
    'needs 2 integers': () => makeNode('conv', [x(1, 2, 5, 5), x(2, 2, 3, 3)], geometry(3)),
    '1 to 3 spatial axes': () => makeNode('conv', [x(1, 2), x(2, 2)], geometry(0)),
  },
  convInputGradient: {
    'is no gradient of': () =>
      makeNode('convInputGradient', [x(2, 2, 3, 3), x(1, 2, 3, 3)], { ...plain, spatial: [6, 5] }),
    'image [1, 2, 5.5, 5]': () =>
      makeNode('convInputGradient', [x(2, 2, 3, 3), x(1, 2, 3, 3)], { ...plain, spatial: [5.5, 5] }),
  },
  convWeightGradient: {
    'is no gradient of': () =>
      makeNode('convWeightGradient', [x(1, 2, 5, 5), x(1, 2, 3, 3)], { ...plain, kernel: [2, 3] }),
    'weights [2, 1.5, 3, 3]': () =>
      makeNode('convWeightGradient', [x(1, 3, 5, 5), x(1, 2, 3, 3)], {
        ...geometry(2, { groups: 2 }),
        kernel: [3, 3],
      }),
  },
  averagePool: { 'result [0]': () => makeNode('averagePool', [x(1, 1, 2)], { kernel: [3], stride: [1] }) },
  maxPool: {
    'takes [n, c, ...spatial]': () => makeNode('maxPool', [x(2, 3)], { kernel: [], stride: [] }),
    'kernel [2] needs 2': () => makeNode('maxPool', [x(1, 1, 4, 4)], { kernel: [2], stride: [2, 2] }),
  },
  resizeNearest: {
    'scale [0]': () => makeNode('resizeNearest', [x(1, 1, 4)], { scale: [0] }),
    'takes [n, c, ...spatial]': () => makeNode('resizeNearest', [x(4)], { scale: [] }),
  },
  softmax: { 'axis 1 is not of': () => makeNode('softmax', [x(4)], { axis: 1 }) },
  logSoftmax: { 'takes float32': () => makeNode('logSoftmax', [typed('int32', 4)], { axis: 0 }) },
};

const refusalList = allOps.flatMap((op) =>
  Object.entries(refusals[op]).map(([complaint, make]) => ({ op, complaint, make })),
);

describe('shape rules', () => {
  it.each(refusalList)('$op refuses what does not fit: $complaint', ({ op, complaint, make }) => {
    let message = '';
    try {
      make();
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(complaint);
    expect(message).toContain(`${op}(`);
  });

  it.each(allOps)('%s has as many values as its shape holds, of its type', (op) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { node, graph, feeds } = makeCase(op, seed);
        const { result } = evaluate(graph, feeds);
        expect(result).toHaveLength(sizeOf(node.shape));
        if (node.type !== 'float32') expect(result!.every(Number.isInteger)).toBe(true);
        if (node.type === 'bool') expect(result!.every((value) => value === 0 || value === 1)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
