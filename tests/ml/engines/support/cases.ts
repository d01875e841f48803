import fc from 'fast-check';
import { makeGraph, type Graph } from '../../../../ml/graph/graph.ts';
import { makeNode } from '../../../../ml/graph/node.ts';
import { convOutput, sizeOf } from '../../../../ml/graph/shape.ts';
import { constant } from '../../../../ml/graph/sources.ts';
import { Draw, type ConvolutionShapes } from './draw.ts';
import type { Node, OpKind, Shape } from '../../../../ml/graph/ops.ts';

/** One primitive on inputs of its own, with values for them. */
export interface Case {
  readonly node: Node;
  /** One output, `result`: the node. */
  readonly graph: Graph;
  /** Float32 values, away from ties and kinks, by input. */
  readonly feeds: Readonly<Record<string, readonly number[]>>;
}

type Make = (draw: Draw) => Node;

type Unary = 'neg' | 'exp' | 'log' | 'sqrt' | 'abs' | 'sign' | 'sigmoid' | 'tanh' | 'erf' | 'sin' | 'cos';

const unary =
  (op: Unary, low = -2, high = 2): Make =>
  (draw) =>
    makeNode(op, [draw.reals(draw.shape(0, 5), low, high)], {});

const kinked =
  (op: Unary): Make =>
  (draw) =>
    makeNode(op, [draw.nonzeros(draw.shape(0, 4))], {});

const binary =
  (op: 'add' | 'sub' | 'mul'): Make =>
  (draw) => {
    const shape = draw.shape(0, 5);
    return makeNode(op, [draw.reals(draw.narrowed(shape)), draw.reals(draw.narrowed(shape))], {});
  };

const chosen =
  (op: 'max' | 'min'): Make =>
  (draw) => {
    const shape = draw.shape(0, 4);
    return makeNode(op, draw.distinct(draw.narrowed(shape), draw.narrowed(shape)), {});
  };

const compared =
  (op: 'less' | 'equal'): Make =>
  (draw) => {
    const shape = draw.shape(0, 4);
    const shapes = [draw.narrowed(shape), draw.narrowed(shape)];
    const operands = draw.chance(2)
      ? draw.distinct(...shapes)
      : shapes.map((operandShape) => draw.integers(operandShape, -2, 2));
    return makeNode(op, operands, {});
  };

const reduced =
  (op: 'sum' | 'reduceMax'): Make =>
  (draw) => {
    const shape = draw.shape(1, 5);
    return makeNode(op, draw.distinct(shape), { axes: draw.axes(shape.length) });
  };

const along =
  (op: 'argMax' | 'softmax' | 'logSoftmax'): Make =>
  (draw) => {
    const shape = draw.shape(1, 4);
    return makeNode(op, draw.distinct(shape), { axis: draw.integer(0, shape.length - 1) });
  };

const pooled =
  (op: 'averagePool' | 'maxPool'): Make =>
  (draw) => {
    const dimensions = draw.integer(1, 3);
    const [kernel, stride] = [
      draw.times(dimensions, () => draw.integer(1, 3)),
      draw.times(dimensions, () => draw.integer(1, 3)),
    ];
    const spatial = kernel.map((extent) => extent + draw.integer(0, 3));
    return makeNode(op, draw.distinct([draw.integer(1, 2), draw.integer(1, 2), ...spatial]), { kernel, stride });
  };

const gradientShape = ({ x, w, geometry }: ConvolutionShapes): Shape => [
  x[0]!,
  w[0]!,
  ...convOutput(x.slice(2), w.slice(2), geometry),
];

function anyTyped(draw: Draw, shape: Shape): Node {
  return draw.pick([() => draw.reals(shape), () => draw.integers(shape, -9, 9), () => draw.booleans(shape)])();
}

/** A new primitive does not compile until it has its case. */
const makers: Readonly<Record<OpKind, Make>> = {
  input: (draw) => draw.reals(draw.shape(0, 4)),
  constant: (draw) => {
    const shape = draw.shape(0, 4);
    const data = draw.times(draw.chance(2) ? 1 : sizeOf(shape), () => draw.integer(0, 1));
    return constant(data, shape, draw.pick(['float32', 'int32', 'bool']));
  },
  neg: unary('neg'),
  exp: unary('exp'),
  log: unary('log', 0.5, 3),
  sqrt: unary('sqrt', 0.5, 3),
  abs: kinked('abs'),
  sign: kinked('sign'),
  sigmoid: unary('sigmoid', -8, 8),
  tanh: unary('tanh'),
  erf: unary('erf', -3, 3),
  sin: unary('sin', -6, 6),
  cos: unary('cos', -6, 6),
  swish: (draw) => makeNode('swish', [draw.reals(draw.shape(0, 4), -4, 4)], { alpha: draw.pick([1, 1.702, 0.5]) }),
  swishGradient: (draw) => {
    const shape = draw.shape(0, 4);
    return makeNode('swishGradient', [draw.reals(shape, -4, 4), draw.reals(shape)], { alpha: draw.pick([1, 1.702]) });
  },
  stopGradient: (draw) => makeNode('stopGradient', [anyTyped(draw, draw.shape(0, 4))], {}),
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  div: (draw) => {
    const shape = draw.shape(0, 4);
    return makeNode('div', [draw.reals(draw.narrowed(shape)), draw.nonzeros(draw.narrowed(shape))], {});
  },
  max: chosen('max'),
  min: chosen('min'),
  less: compared('less'),
  equal: compared('equal'),
  select: (draw) => {
    const shape = draw.shape(0, 4);
    const condition = draw.booleans(draw.narrowed(shape));
    const [a, b] = [draw.narrowed(shape), draw.narrowed(shape)];
    const branches = draw.chance(3)
      ? [draw.integers(a, -9, 9), draw.integers(b, -9, 9)]
      : [draw.reals(a), draw.reals(b)];
    return makeNode('select', [condition, ...branches], {});
  },
  cast: (draw) => {
    const shape = draw.shape(0, 4);
    const x = draw.pick([() => draw.fractions(shape), () => draw.integers(shape, -2, 2), () => draw.booleans(shape)])();
    return makeNode('cast', [x], { to: draw.pick(['float32', 'int32', 'bool']) });
  },
  reshape: (draw) => {
    const shape = draw.shape(0, 4);
    const merged = [sizeOf(shape.slice(0, 2)), ...shape.slice(2)];
    return makeNode('reshape', [anyTyped(draw, shape)], { shape: draw.pick([merged, [1, ...shape], [sizeOf(shape)]]) });
  },
  transpose: (draw) => {
    const shape = draw.shape(1, 5);
    return makeNode('transpose', [anyTyped(draw, shape)], { permutation: draw.permutation(shape.length) });
  },
  broadcastTo: (draw) => {
    const shape = draw.shape(0, 5);
    return makeNode('broadcastTo', [anyTyped(draw, draw.narrowed(shape))], { shape });
  },
  slice: (draw) => {
    const shape = draw.shape(1, 4, 7);
    const start = shape.map((extent) => draw.integer(0, extent - 1));
    const stop = shape.map((extent, axis) => draw.integer(start[axis]! + 1, extent));
    return makeNode('slice', [anyTyped(draw, shape)], { start, stop, step: shape.map(() => draw.integer(1, 3)) });
  },
  pad: (draw) => {
    const shape = draw.shape(1, 4, 3);
    const each = () => shape.map(() => draw.integer(0, 2));
    return makeNode('pad', [draw.reals(shape)], { low: each(), high: each(), interior: each() });
  },
  concat: (draw) => {
    const shape = draw.shape(1, 4);
    const axis = draw.integer(0, shape.length - 1);
    const parts = draw.times(draw.integer(1, 3), () =>
      draw.reals(shape.map((extent, i) => (i === axis ? draw.integer(1, 4) : extent))),
    );
    return makeNode('concat', parts, { axis });
  },
  gather: (draw) => {
    const shape = draw.shape(1, 4);
    const axis = draw.integer(0, shape.length - 1);
    const indices = draw.integers([draw.integer(1, 5)], 0, shape[axis]! - 1);
    return makeNode('gather', [draw.chance(4) ? draw.integers(shape, -9, 9) : draw.reals(shape), indices], { axis });
  },
  scatterAdd: (draw) => {
    const shape = draw.shape(1, 4);
    const axis = draw.integer(0, shape.length - 1);
    const size = draw.integer(1, 5);
    return makeNode('scatterAdd', [draw.reals(shape), draw.integers([shape[axis]!], 0, size - 1)], { axis, size });
  },
  sum: reduced('sum'),
  reduceMax: reduced('reduceMax'),
  argMax: along('argMax'),
  matmul: (draw) => {
    const batch = draw.shape(0, 2, 3);
    const [m, k, n] = [draw.integer(1, 4), draw.integer(1, 4), draw.integer(1, 4)];
    return makeNode('matmul', [draw.reals([...batch, m, k]), draw.reals([...batch, k, n])], {});
  },
  conv: (draw) => {
    const { x, w, geometry } = draw.convolution();
    return makeNode('conv', [draw.reals(x), draw.reals(w)], geometry);
  },
  convInputGradient: (draw) => {
    const shapes = draw.convolution();
    const operands = [draw.reals(shapes.w), draw.reals(gradientShape(shapes))];
    return makeNode('convInputGradient', operands, { ...shapes.geometry, spatial: shapes.x.slice(2) });
  },
  convWeightGradient: (draw) => {
    const shapes = draw.convolution();
    const operands = [draw.reals(shapes.x), draw.reals(gradientShape(shapes))];
    return makeNode('convWeightGradient', operands, { ...shapes.geometry, kernel: shapes.w.slice(2) });
  },
  averagePool: pooled('averagePool'),
  maxPool: pooled('maxPool'),
  resizeNearest: (draw) => {
    const dimensions = draw.integer(1, 3);
    const shape = draw.times(dimensions + 2, () => draw.integer(1, 3));
    return makeNode('resizeNearest', [draw.reals(shape)], { scale: draw.times(dimensions, () => draw.integer(1, 3)) });
  },
  softmax: along('softmax'),
  logSoftmax: along('logSoftmax'),
};

/** A case from a seed: the same seed, the same case. */
export function makeCase(op: OpKind, seed: number): Case {
  const draw = new Draw(seed);
  const node = makers[op](draw);
  return { node, graph: makeGraph({ result: node }), feeds: draw.feeds };
}

/** What properties over cases draw from: a failure prints the seed. */
export const seeds = fc.integer({ min: 0 });

export const allOps: readonly OpKind[] = (Object.keys(makers) as OpKind[]).sort();
