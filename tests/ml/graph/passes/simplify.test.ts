import { describe, expect, it } from 'vitest';
import { broadcastTo, reduceMax, sum } from '../../../../ml/graph/arrays.ts';
import { add, div, equal, exp, less, max, mul, neg, select, sub } from '../../../../ml/graph/elementwise.ts';
import { makeGraph } from '../../../../ml/graph/graph.ts';
import { makeNode } from '../../../../ml/graph/node.ts';
import { simplify } from '../../../../ml/graph/passes/simplify.ts';
import { printGraph } from '../../../../ml/graph/print.ts';
import { constant, input, zeros } from '../../../../ml/graph/sources.ts';
import type { Node } from '../../../../ml/graph/ops.ts';

const x = input('x', [2, 3]);
const y = input('y', [2, 3]);
const row = input('row', [1, 3]);
const holds = input('holds', [2, 3], 'bool');
const yes = constant([1], [1, 1], 'bool');
const no = constant([0], [1, 1], 'bool');

const transposed = (node: Node, permutation: readonly number[]): Node => makeNode('transpose', [node], { permutation });
const padded = (node: Node): Node => makeNode('pad', [node], { low: [0, 0], high: [0, 0], interior: [0, 0] });

const identities: readonly (readonly [string, Node, Node])[] = [
  ['x + 0 is x', add(x, 0), x],
  ['0 + x is x', add(0, x), x],
  ['row + zeros of a larger shape is row repeated', add(row, zeros([2, 3])), broadcastTo(row, [2, 3])],
  ['x - 0 is x', sub(x, 0), x],
  ['0 - x is -x', sub(0, x), neg(x)],
  ['x * 1 is x', mul(x, 1), x],
  ['1 * x is x', mul(1, x), x],
  ['x / 1 is x', div(x, 1), x],
  ['x * 0 is 0', mul(x, 0), zeros([2, 3])],
  ['x * -1 is -x', mul(x, -1), neg(x)],
  ['-(-x) is x', neg(neg(x)), x],
  ['-(x - y) is y - x', neg(sub(x, y)), sub(y, x)],
  ['-(x * 2) is x * -2', neg(mul(x, 2)), mul(x, -2)],
  ['(-x) * 2 is x * -2', mul(neg(x), 2), mul(x, -2)],
  ['(-x) * (-y) is x * y', mul(neg(x), neg(y)), mul(x, y)],
  ['x + -y is x - y', add(x, neg(y)), sub(x, y)],
  ['-x + y is y - x', add(neg(x), y), sub(y, x)],
  ['x - -y is x + y', sub(x, neg(y)), add(x, y)],
  ['(x * 2) * 3 is x * 6', mul(3, mul(x, 2)), mul(x, 6)],
  ['(x + 2) + 3 is x + 5', add(add(2, x), 3), add(x, 5)],
  ['x + x is x * 2', add(x, x), mul(x, 2)],
  ['(x + y) + y is x + y * 2', add(add(x, y), y), add(x, mul(y, 2))],
  ['(row * x) * 2 is (row * 2) * x', mul(mul(row, x), 2), mul(mul(row, 2), x)],
  ['(x * row) * 2 is (row * 2) * x', mul(2, mul(x, row)), mul(mul(row, 2), x)],
  ['the sum of x * 2 is the sum, times 2', sum(mul(x, 2), [1]), mul(sum(x, [1]), 2)],
  ['x + repeated row is x + row', add(x, broadcastTo(row, [2, 3])), add(x, row)],
  ['repeated row < x is row < x', less(broadcastTo(row, [2, 3]), x), less(row, x)],
  ['x = repeated row is x = row', equal(x, broadcastTo(row, [2, 3])), equal(x, row)],
  ['max of x and repeated row is of x and row', max(x, broadcastTo(row, [2, 3])), max(x, row)],
  ['a number of the full shape is one number', mul(x, constant([2], [2, 3])), mul(x, 2)],
  ['a choice is not repeated for its branches', select(holds, broadcastTo(row, [2, 3]), x), select(holds, row, x)],
  ['a choice known to hold is its first branch', select(yes, x, y), x],
  ['a choice known not to hold is its second branch', select(no, x, row), broadcastTo(row, [2, 3])],
  ['a choice between the same is that', select(holds, x, x), x],
  ['a cast to the same type is nothing', makeNode('cast', [x], { to: 'float32' }), x],
  ['a reshape to the same shape is nothing', makeNode('reshape', [x], { shape: [2, 3] }), x],
  [
    'a reshape of a reshape is one',
    makeNode('reshape', [makeNode('reshape', [x], { shape: [6] })], { shape: [3, 2] }),
    makeNode('reshape', [x], { shape: [3, 2] }),
  ],
  ['a transpose that moves no axis is nothing', transposed(x, [0, 1]), x],
  ['a transpose back is nothing', transposed(transposed(x, [1, 0]), [1, 0]), x],
  [
    'a repeat of a repeat is one',
    broadcastTo(broadcastTo(input('a', [1, 1]), [1, 3]), [2, 3]),
    broadcastTo(input('a', [1, 1]), [2, 3]),
  ],
  ['a repeat to the same shape is nothing', makeNode('broadcastTo', [x], { shape: [2, 3] }), x],
  ['a slice of all is nothing', makeNode('slice', [x], { start: [0, 0], stop: [2, 3], step: [1, 1] }), x],
  ['padding by nothing is nothing', padded(x), x],
  ['a concatenation of one is that one', makeNode('concat', [x], { axis: 0 }), x],
  [
    'a resize by 1 is nothing',
    makeNode('resizeNearest', [input('i', [1, 1, 4])], { scale: [1] }),
    input('i', [1, 1, 4]),
  ],
  ['a sum over axes of size 1 is nothing', sum(row, [0]), row],
  ['a sum of a sum is one', sum(sum(x, [0]), [1]), sum(x, [0, 1])],
  ['a sum of what was only repeated is a product', sum(broadcastTo(row, [2, 3]), [0]), mul(row, 2)],
  ['a largest over axes of size 1 is nothing', reduceMax(row, [0]), row],
];

/** Three axes moved twice, so that composing the other way round would differ. */
const turned = input('turned', [2, 3, 4]);
const turnedTwice = transposed(transposed(turned, [1, 2, 0]), [0, 2, 1]);

const untouched: readonly (readonly [string, Node])[] = [
  ['x + row, which broadcasts as it stands', add(x, row)],
  ['a repeat that both operands need', add(broadcastTo(row, [2, 3]), row)],
  ['a sum over repeated and other axes', sum(broadcastTo(row, [2, 3]), [0, 1])],
  ['a product of two tensors', mul(mul(x, y), y)],
  ['x / 2', div(x, 2)],
  ['stopGradient, which later differentiation needs', makeNode('stopGradient', [x], {})],
];

describe('simplify', () => {
  it.each(identities)('%s', (_, before, after) => {
    expect(printGraph(simplify(makeGraph({ node: before })))).toBe(printGraph(makeGraph({ node: after })));
  });

  it('composes transposes in their order', () => {
    const found = simplify(makeGraph({ node: turnedTwice })).outputs['node']!;
    expect(found).toMatchObject({ op: 'transpose', inputs: [turned], attributes: { permutation: [1, 0, 2] } });
    expect(found.shape).toEqual(turnedTwice.shape);
  });

  it.each(untouched)('leaves %s', (_, node) => {
    const found = simplify(makeGraph({ node })).outputs['node']!;
    expect(found.op).toBe(node.op);
  });

  it('does not compute twice what another node needs too', () => {
    const product = mul(row, x);
    const doubled = mul(x, 2);
    const total = add(x, y);
    const outputs = { product, a: mul(product, 2), doubled, b: sum(doubled, [0]), total, c: add(total, y) };
    const found = simplify(makeGraph(outputs)).outputs;
    for (const [name, node] of Object.entries(outputs)) expect(found[name] === node, name).toBe(true);
  });

  it('works through what a rewrite uncovers', () => {
    const node = neg(mul(neg(add(exp(x), 0)), 1));
    expect(printGraph(simplify(makeGraph({ node })))).toBe(printGraph(makeGraph({ node: exp(x) })));
  });
});
