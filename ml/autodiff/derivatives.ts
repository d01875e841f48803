import { cos, div, equal, exp, less, mul, neg, select, sign, sin, square, sub, cast } from '../graph/elementwise.ts';
import {
  broadcastTo,
  gather,
  matmul,
  pad,
  reduceTo,
  reshape,
  scatterAdd,
  slice,
  sum,
  transpose,
  transposeLast,
} from '../graph/arrays.ts';
import { makeNode } from '../graph/node.ts';
import { averagePoolGradient, maxPoolGradient, resizeNearestGradient } from './pooling.ts';
import { swishSecondDerivative } from './swish.ts';
import type { ConvGeometry, Node, NodeOf, OpKind } from '../graph/ops.ts';

/** From a node and the gradient by it, the gradient by each operand; undefined where none flows. */
type Derivative<K extends OpKind> = (node: NodeOf<K>, gradient: Node) => readonly (Node | undefined)[];

const none = () => [];

const geometryOf = ({ stride, padding, dilation, groups }: ConvGeometry): ConvGeometry => ({
  stride,
  padding,
  dilation,
  groups,
});

const spatialOf = (x: Node): readonly number[] => x.shape.slice(2);

const operandsOf = ({ inputs }: { readonly inputs: readonly Node[] }): readonly [Node, Node] => [
  inputs[0]!,
  inputs[1]!,
];

/** Largest and smallest pass their gradient to the chosen operand, on a tie to the first. */
const chosen =
  (isSecond: (a: Node, b: Node) => Node) => (node: { readonly inputs: readonly Node[] }, gradient: Node) => {
    const [a, b] = operandsOf(node);
    const second = isSecond(a, b);
    return [reduceTo(select(second, 0, gradient), a.shape), reduceTo(select(second, gradient, 0), b.shape)];
  };

/**
 * The derivative of every primitive, as graph. The three convolution primitives are the three views of one trilinear form, so their
 * derivatives are each other.
 */
export const derivatives: { readonly [K in OpKind]: Derivative<K> } = {
  input: none,
  constant: none,
  neg: (_, gradient) => [neg(gradient)],
  exp: (node, gradient) => [mul(gradient, node)],
  log: ({ inputs: [x] }, gradient) => [div(gradient, x!)],
  sqrt: (node, gradient) => [div(mul(gradient, 0.5), node)],
  abs: ({ inputs: [x] }, gradient) => [mul(gradient, sign(x!))],
  sign: () => [undefined],
  sigmoid: (node, gradient) => [mul(gradient, mul(node, sub(1, node)))],
  tanh: (node, gradient) => [mul(gradient, sub(1, square(node)))],
  erf: ({ inputs: [x] }, gradient) => [mul(gradient, mul(exp(neg(square(x!))), 2 / Math.sqrt(Math.PI)))],
  sin: ({ inputs: [x] }, gradient) => [mul(gradient, cos(x!))],
  cos: ({ inputs: [x] }, gradient) => [neg(mul(gradient, sin(x!)))],
  swish: ({ inputs: [x], attributes }, gradient) => [makeNode('swishGradient', [x!, gradient], attributes)],
  swishGradient: (node, gradient) => {
    const [x, upstream] = operandsOf(node);
    const { alpha } = node.attributes;
    return [
      mul(mul(gradient, upstream), swishSecondDerivative(x, alpha)),
      makeNode('swishGradient', [x, gradient], { alpha }),
    ];
  },
  stopGradient: () => [undefined],
  add: ({ inputs: [a, b] }, gradient) => [reduceTo(gradient, a!.shape), reduceTo(gradient, b!.shape)],
  sub: ({ inputs: [a, b] }, gradient) => [reduceTo(gradient, a!.shape), neg(reduceTo(gradient, b!.shape))],
  mul: (node, gradient) => {
    const [a, b] = operandsOf(node);
    return [reduceTo(mul(gradient, b), a.shape), reduceTo(mul(gradient, a), b.shape)];
  },
  div: (node, gradient) => {
    const [a, b] = operandsOf(node);
    const byA = div(gradient, b);
    return [reduceTo(byA, a.shape), neg(reduceTo(mul(byA, div(a, b)), b.shape))];
  },
  max: chosen((a, b) => less(a, b)),
  min: chosen((a, b) => less(b, a)),
  less: () => [undefined, undefined],
  equal: () => [undefined, undefined],
  select: ({ inputs: [condition, a, b], type }, gradient) =>
    type === 'float32'
      ? [
          undefined,
          reduceTo(select(condition!, gradient, 0), a!.shape),
          reduceTo(select(condition!, 0, gradient), b!.shape),
        ]
      : [undefined, undefined, undefined],
  cast: ({ inputs: [x], attributes: { to } }, gradient) => [
    x!.type === 'float32' && to === 'float32' ? gradient : undefined,
  ],
  reshape: ({ inputs: [x] }, gradient) => [reshape(gradient, x!.shape)],
  transpose: ({ attributes: { permutation } }, gradient) => [
    transpose(
      gradient,
      [...permutation.keys()].map((axis) => permutation.indexOf(axis)),
    ),
  ],
  broadcastTo: ({ inputs: [x] }, gradient) => [reduceTo(gradient, x!.shape)],
  slice: ({ inputs: [x], attributes: { start, step }, shape }, gradient) => [
    pad(gradient, {
      low: start,
      high: start.map((from, axis) => x!.shape[axis]! - from - ((shape[axis]! - 1) * step[axis]! + 1)),
      interior: step.map((every) => every - 1),
    }),
  ],
  pad: ({ inputs: [x], attributes: { low, interior } }, gradient) => [
    slice(
      gradient,
      low,
      low.map((from, axis) => from + (x!.shape[axis]! - 1) * (interior[axis]! + 1) + 1),
      interior.map((between) => between + 1),
    ),
  ],
  concat: ({ inputs, attributes: { axis } }, gradient) => {
    let from = 0;
    return inputs.map(({ shape }) => {
      const start = shape.map((_, i) => (i === axis ? from : 0));
      from += shape[axis]!;
      return slice(
        gradient,
        start,
        shape.map((extent, i) => (i === axis ? from : extent)),
      );
    });
  },
  gather: (node, gradient) => {
    const [x, indices] = operandsOf(node);
    const { axis } = node.attributes;
    return [x.type === 'float32' ? scatterAdd(gradient, indices, axis, x.shape[axis]!) : undefined, undefined];
  },
  scatterAdd: ({ inputs: [, indices], attributes: { axis } }, gradient) => [
    gather(gradient, indices!, axis),
    undefined,
  ],
  sum: ({ inputs: [x] }, gradient) => [broadcastTo(gradient, x!.shape)],
  reduceMax: (node, gradient) => {
    const [x] = node.inputs;
    const largest = cast(equal(x!, node), 'float32');
    return [mul(largest, div(gradient, sum(largest, node.attributes.axes)))];
  },
  argMax: () => [undefined],
  matmul: (node, gradient) => {
    const [a, b] = operandsOf(node);
    return [matmul(gradient, transposeLast(b)), matmul(transposeLast(a), gradient)];
  },
  conv: (node, gradient) => {
    const [x, w] = operandsOf(node);
    const geometry = geometryOf(node.attributes);
    return [
      makeNode('convInputGradient', [w, gradient], { ...geometry, spatial: spatialOf(x) }),
      makeNode('convWeightGradient', [x, gradient], { ...geometry, kernel: spatialOf(w) }),
    ];
  },
  convInputGradient: (node, gradient) => {
    const [w, upstream] = operandsOf(node);
    const geometry = geometryOf(node.attributes);
    return [
      makeNode('convWeightGradient', [gradient, upstream], { ...geometry, kernel: spatialOf(w) }),
      makeNode('conv', [gradient, w], geometry),
    ];
  },
  convWeightGradient: (node, gradient) => {
    const [x, upstream] = operandsOf(node);
    const geometry = geometryOf(node.attributes);
    return [
      makeNode('convInputGradient', [gradient, upstream], { ...geometry, spatial: spatialOf(x) }),
      makeNode('conv', [x, gradient], geometry),
    ];
  },
  averagePool: (node, gradient) => [averagePoolGradient(node.inputs[0]!, gradient, node.attributes)],
  maxPool: (node, gradient) => [maxPoolGradient(node.inputs[0]!, node, gradient, node.attributes)],
  resizeNearest: ({ attributes: { scale } }, gradient) => [resizeNearestGradient(gradient, scale)],
  softmax: (node, gradient) => {
    const weighted = mul(gradient, node);
    return [sub(weighted, mul(node, sum(weighted, [node.attributes.axis])))];
  },
  logSoftmax: (node, gradient) => [sub(gradient, mul(exp(node), sum(gradient, [node.attributes.axis])))],
};
