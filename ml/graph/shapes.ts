import { invariant } from '../check/invariant.ts';
import type { ConvGeometry, ElementType, OpAttributes, OpKind, Shape, TensorType } from './ops.ts';
import { needAxes, needCount, needEach, needFloat, needIndices, single } from './needs.ts';
import { broadcastShapes, convOutput, sameShape, sizeOf, windowOutput } from './shape.ts';

type ShapeRule<Attributes> = (operands: readonly TensorType[], attributes: Attributes) => TensorType;

const float = (shape: Shape): TensorType => ({ type: 'float32', shape });

const unary: ShapeRule<OpAttributes['neg']> = (operands) => {
  needFloat(operands, 1);
  return float(operands[0]!.shape);
};

const binary: ShapeRule<OpAttributes['add']> = (operands) => {
  needFloat(operands, 2);
  return float(broadcastShapes(operands[0]!.shape, operands[1]!.shape));
};

const comparison: ShapeRule<OpAttributes['less']> = (operands) => {
  needCount(operands, 2);
  const [a, b] = operands;
  invariant(a && b && a.type === b.type && a.type !== 'bool', 'compares two float32 or two int32');
  return { type: 'bool', shape: broadcastShapes(a.shape, b.shape) };
};

const reduction: ShapeRule<OpAttributes['sum']> = (operands, { axes }) => {
  needFloat(operands, 1);
  const { shape } = operands[0]!;
  needAxes(shape, axes);
  return float(shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent)));
};

const along: ShapeRule<OpAttributes['softmax']> = (operands, { axis }) => {
  needFloat(operands, 1);
  needAxes(operands[0]!.shape, [axis]);
  return float(operands[0]!.shape);
};

const pool: ShapeRule<OpAttributes['averagePool']> = (operands, { kernel, stride }) => {
  needFloat(operands, 1);
  const [n, c, ...spatial] = operands[0]!.shape;
  invariant(n !== undefined && c !== undefined && spatial.length >= 1, 'takes [n, c, ...spatial]');
  needEach('kernel', kernel, spatial.length, 1);
  needEach('stride', stride, spatial.length, 1);
  const output = spatial.map((extent, axis) => windowOutput(extent, kernel[axis]!, stride[axis]!));
  needEach('result', output, spatial.length, 1);
  return float([n, c, ...output]);
};

function needGeometry(geometry: ConvGeometry, rank: number): void {
  needEach('stride', geometry.stride, rank, 1);
  needEach('dilation', geometry.dilation, rank, 1);
  needEach('padding', geometry.padding.flat(), 2 * rank, 0);
  needEach('groups', [geometry.groups], 1, 1);
}

/** Checks x [n, c, ...s], w [o, c/groups, ...k] and the geometry together; returns the shape of their convolution. */
function convShape(x: Shape, w: Shape, geometry: ConvGeometry): Shape {
  const rank = x.length - 2;
  invariant(
    rank >= 1 && rank <= 3 && w.length === x.length,
    `takes 1 to 3 spatial axes, not [${x.join(', ')}] and [${w.join(', ')}]`,
  );
  needGeometry(geometry, rank);
  needEach('image', x, x.length, 1);
  needEach('weights', w, w.length, 1);
  invariant(
    x[1] === w[1]! * geometry.groups,
    `${x[1]} channels do not fit weights [${w.join(', ')}] in ${geometry.groups} groups`,
  );
  invariant(w[0]! % geometry.groups === 0, `${w[0]} output channels do not divide into ${geometry.groups} groups`);
  const output = convOutput(x.slice(2), w.slice(2), geometry);
  needEach('result', output, rank, 1);
  return [x[0]!, w[0]!, ...output];
}

const typed = (type: ElementType, shape: Shape): TensorType => {
  needEach('shape', shape, shape.length, 1);
  return { type, shape };
};

/** The result of each primitive, or an error that says why its operands or attributes do not fit. */
export const shapeRules: { readonly [K in OpKind]: ShapeRule<OpAttributes[K]> } = {
  input: (operands, { type, shape }) => {
    needCount(operands, 0);
    return typed(type, shape);
  },
  constant: (operands, { type, shape, data }) => {
    needCount(operands, 0);
    invariant(
      data.length === 1 || data.length === sizeOf(shape),
      `${data.length} values do not fill [${shape.join(', ')}]`,
    );
    return typed(type, shape);
  },
  neg: unary,
  exp: unary,
  log: unary,
  sqrt: unary,
  abs: unary,
  sign: unary,
  sigmoid: unary,
  tanh: unary,
  erf: unary,
  sin: unary,
  cos: unary,
  swish: (operands) => unary(operands, {}),
  swishGradient: (operands) => {
    needFloat(operands, 2);
    invariant(sameShape(operands[0]!.shape, operands[1]!.shape), 'takes operands of one shape');
    return float(operands[0]!.shape);
  },
  stopGradient: single,
  add: binary,
  sub: binary,
  mul: binary,
  div: binary,
  max: binary,
  min: binary,
  less: comparison,
  equal: comparison,
  select: (operands) => {
    needCount(operands, 3);
    const [condition, a, b] = operands;
    invariant(condition?.type === 'bool' && a && b && a.type === b.type, 'takes a bool and two operands of one type');
    return { type: a.type, shape: broadcastShapes(condition.shape, a.shape, b.shape) };
  },
  cast: (operands, { to }) => ({ type: to, shape: single(operands).shape }),
  reshape: (operands, { shape }) => {
    const x = single(operands);
    invariant(sizeOf(x.shape) === sizeOf(shape), `[${x.shape.join(', ')}] does not fill [${shape.join(', ')}]`);
    return typed(x.type, shape);
  },
  transpose: (operands, { permutation }) => {
    const x = single(operands);
    invariant(permutation.length === x.shape.length, 'permutes every axis');
    needAxes(x.shape, permutation);
    return { type: x.type, shape: permutation.map((axis) => x.shape[axis]!) };
  },
  broadcastTo: (operands, { shape }) => {
    const x = single(operands);
    invariant(sameShape(broadcastShapes(x.shape, shape), shape), `does not broadcast to [${shape.join(', ')}]`);
    return typed(x.type, shape);
  },
  slice: (operands, { start, stop, step }) => {
    const x = single(operands);
    const rank = x.shape.length;
    needEach('start', start, rank, 0);
    needEach('step', step, rank, 1);
    needEach('stop', stop, rank, 1);
    invariant(
      x.shape.every((extent, axis) => start[axis]! < stop[axis]! && stop[axis]! <= extent),
      'range is outside the operand',
    );
    return { type: x.type, shape: start.map((from, axis) => Math.ceil((stop[axis]! - from) / step[axis]!)) };
  },
  pad: (operands, { low, high, interior }) => {
    needFloat(operands, 1);
    const { shape } = operands[0]!;
    needEach('low', low, shape.length, 0);
    needEach('high', high, shape.length, 0);
    needEach('interior', interior, shape.length, 0);
    return float(shape.map((extent, axis) => low[axis]! + extent + (extent - 1) * interior[axis]! + high[axis]!));
  },
  concat: (operands, { axis }) => {
    const [first] = operands;
    invariant(first && operands.every(({ type }) => type === first.type), 'joins operands of one type');
    needAxes(first.shape, [axis]);
    const rest = (shape: Shape) => shape.filter((_, i) => i !== axis);
    invariant(
      operands.every(({ shape }) => sameShape(rest(shape), rest(first.shape))),
      'operands differ off the joined axis',
    );
    const joined = operands.reduce((size, { shape }) => size + shape[axis]!, 0);
    return { type: first.type, shape: first.shape.map((extent, i) => (i === axis ? joined : extent)) };
  },
  gather: (operands, { axis }) => {
    const [x, indices] = needIndices(operands);
    needAxes(x.shape, [axis]);
    return { type: x.type, shape: x.shape.map((extent, i) => (i === axis ? indices.shape[0]! : extent)) };
  },
  scatterAdd: (operands, { axis, size }) => {
    const [x, indices] = needIndices(operands);
    needFloat([x], 1);
    needAxes(x.shape, [axis]);
    needEach('size', [size], 1, 1);
    invariant(x.shape[axis] === indices.shape[0], `${indices.shape[0]} indices do not fit [${x.shape.join(', ')}]`);
    return float(x.shape.map((extent, i) => (i === axis ? size : extent)));
  },
  sum: reduction,
  reduceMax: reduction,
  argMax: (operands, attributes) => ({
    type: 'int32',
    shape: along(operands, attributes).shape.map((extent, axis) => (axis === attributes.axis ? 1 : extent)),
  }),
  matmul: (operands) => {
    needFloat(operands, 2);
    const [a, b] = [operands[0]!.shape, operands[1]!.shape];
    const rank = a.length;
    invariant(
      rank >= 2 && sameShape(a.slice(0, -2), b.slice(0, -2)) && a[rank - 1] === b[rank - 2],
      'takes [...b, m, k] and [...b, k, n]',
    );
    return float([...a.slice(0, -1), b[rank - 1]!]);
  },
  conv: (operands, geometry) => {
    needFloat(operands, 2);
    return float(convShape(operands[0]!.shape, operands[1]!.shape, geometry));
  },
  convInputGradient: (operands, { spatial, ...geometry }) => {
    needFloat(operands, 2);
    const [w, gradient] = [operands[0]!.shape, operands[1]!.shape];
    const x = [gradient[0]!, w[1]! * geometry.groups, ...spatial];
    invariant(
      sameShape(convShape(x, w, geometry), gradient),
      `[${gradient.join(', ')}] is no gradient of [${x.join(', ')}]`,
    );
    return float(x);
  },
  convWeightGradient: (operands, { kernel, ...geometry }) => {
    needFloat(operands, 2);
    const [x, gradient] = [operands[0]!.shape, operands[1]!.shape];
    const w = [gradient[1]!, x[1]! / geometry.groups, ...kernel];
    invariant(
      sameShape(convShape(x, w, geometry), gradient),
      `[${gradient.join(', ')}] is no gradient of [${x.join(', ')}]`,
    );
    return float(w);
  },
  averagePool: pool,
  maxPool: pool,
  resizeNearest: (operands, { scale }) => {
    needFloat(operands, 1);
    const [n, c, ...spatial] = operands[0]!.shape;
    invariant(n !== undefined && c !== undefined, 'takes [n, c, ...spatial]');
    needEach('scale', scale, spatial.length, 1);
    return float([n, c, ...spatial.map((extent, axis) => extent * scale[axis]!)]);
  },
  softmax: along,
  logSoftmax: along,
};
