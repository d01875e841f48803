import { nodesOf } from '../../../graph/graph.ts';
import { sizeOf } from '../../../graph/shape.ts';
import { convInputGradient, convolve, convWeightGradient } from './convolution.ts';
import { pad, scatterAdd, slice } from './moving.ts';
import type { Emitter } from '../onnx/emitter.ts';
import type { ElementType, Node, NodeOf, OpKind } from '../../../graph/ops.ts';

/** Says one primitive in standard ONNX; returns the name of its result. Inputs and constants are named by the caller. */
type Rule<K extends OpKind> = (node: NodeOf<K>, operands: readonly string[], emitter: Emitter) => string;

const same =
  (op: string) =>
  (_: unknown, operands: readonly string[], emitter: Emitter): string =>
    emitter.emit(op, operands);

const onnxTypes: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, bool: 9 };

const one = (emitter: Emitter): string => emitter.float([1], []);

/** The lowering every provider understands, and the oracle for the others. */
const rules: { readonly [K in Exclude<OpKind, 'input' | 'constant'>]: Rule<K> } = {
  neg: same('Neg'),
  exp: same('Exp'),
  log: same('Log'),
  sqrt: same('Sqrt'),
  abs: same('Abs'),
  sign: same('Sign'),
  sigmoid: same('Sigmoid'),
  tanh: same('Tanh'),
  erf: same('Erf'),
  sin: same('Sin'),
  cos: same('Cos'),
  swish: ({ attributes: { alpha } }, [x], emitter) =>
    emitter.emit('Mul', [x!, emitter.emit('Sigmoid', [scaled(x!, alpha, emitter)])]),
  // g * (s + alpha x s (1 - s))
  swishGradient: ({ attributes: { alpha } }, [x, gradient], emitter) => {
    const z = scaled(x!, alpha, emitter);
    const s = emitter.emit('Sigmoid', [z]);
    const inner = emitter.emit('Mul', [z, emitter.emit('Sub', [one(emitter), s])]);
    return emitter.emit('Mul', [gradient!, emitter.emit('Mul', [s, emitter.emit('Add', [inner, one(emitter)])])]);
  },
  stopGradient: (_, [x]) => x!,
  add: same('Add'),
  sub: same('Sub'),
  mul: same('Mul'),
  div: same('Div'),
  max: same('Max'),
  min: same('Min'),
  less: same('Less'),
  equal: same('Equal'),
  select: same('Where'),
  cast: ({ attributes: { to } }, operands, emitter) => emitter.emit('Cast', operands, { to: onnxTypes[to] }),
  reshape: ({ shape }, [x], emitter) => emitter.emit('Reshape', [x!, emitter.indices(shape)]),
  transpose: ({ attributes: { permutation } }, operands, emitter) =>
    emitter.emit('Transpose', operands, { perm: permutation }),
  broadcastTo: ({ shape }, [x], emitter) => emitter.emit('Expand', [x!, emitter.indices(shape)]),
  slice: ({ attributes: { start, stop, step } }, [x], emitter) => slice(emitter, x!, start, stop, step),
  pad: (node, [x], emitter) => pad(emitter, x!, node.inputs[0]!.shape, node.attributes),
  concat: ({ attributes: { axis } }, operands, emitter) => emitter.emit('Concat', operands, { axis }),
  gather: ({ attributes: { axis } }, operands, emitter) => emitter.emit('Gather', operands, { axis }),
  scatterAdd: (node, operands, emitter) => scatterAdd(emitter, node, operands),
  sum: ({ attributes: { axes } }, [x], emitter) =>
    emitter.emit('ReduceSum', [x!, emitter.indices(axes)], { keepdims: 1 }),
  reduceMax: ({ attributes: { axes } }, [x], emitter) =>
    emitter.emit('ReduceMax', [x!, emitter.indices(axes)], { keepdims: 1 }),
  argMax: ({ attributes: { axis } }, operands, emitter) =>
    emitter.emit('Cast', [emitter.emit('ArgMax', operands, { axis, keepdims: 1 })], { to: onnxTypes.int32 }),
  matmul: same('MatMul'),
  conv: ({ attributes }, [x, w], emitter) => convolve(emitter, x!, w!, attributes),
  convInputGradient: (node, operands, emitter) => convInputGradient(emitter, node, operands),
  convWeightGradient: (node, operands, emitter) => convWeightGradient(emitter, node, operands),
  averagePool: ({ attributes: { kernel, stride } }, operands, emitter) =>
    emitter.emit('AveragePool', operands, { kernel_shape: kernel, strides: stride }),
  maxPool: ({ attributes: { kernel, stride } }, operands, emitter) =>
    emitter.emit('MaxPool', operands, { kernel_shape: kernel, strides: stride }),
  resizeNearest: ({ attributes: { scale } }, [x], emitter) =>
    emitter.emit('Resize', [x!, '', emitter.float([1, 1, ...scale], [scale.length + 2])], {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    }),
  softmax: ({ attributes: { axis } }, operands, emitter) => emitter.emit('Softmax', operands, { axis }),
  logSoftmax: ({ attributes: { axis } }, operands, emitter) => emitter.emit('LogSoftmax', operands, { axis }),
};

const scaled = (x: string, factor: number, emitter: Emitter): string =>
  factor === 1 ? x : emitter.emit('Mul', [x, emitter.float([factor], [])]);

/** Emits one node whose operands have names already. */
export function lowerPlain(node: Node, operands: readonly string[], emitter: Emitter): string {
  switch (node.op) {
    case 'input':
      return node.attributes.name;
    case 'constant':
      return lowerConstant(node, emitter);
    default:
      return apply(node, operands, emitter);
  }
}

const apply = <K extends Exclude<OpKind, 'input' | 'constant'>>(
  node: NodeOf<K>,
  operands: readonly string[],
  emitter: Emitter,
): string => rules[node.op](node, operands, emitter);

function lowerConstant({ attributes: { data, shape, type } }: NodeOf<'constant'>, emitter: Emitter): string {
  if (data.length === sizeOf(shape)) return emitter.constant(type, data, shape);
  return emitter.emit('Expand', [
    emitter.constant(
      type,
      data,
      shape.map(() => 1),
    ),
    emitter.indices(shape),
  ]);
}

/** Emits everything `roots` need in standard ONNX; returns the name of each node's result. */
export function lowerAllPlain(roots: readonly Node[], emitter: Emitter): ReadonlyMap<Node, string> {
  const names = new Map<Node, string>();
  for (const [number, node] of nodesOf(roots).entries()) {
    emitter.setOrigin(`%${number} ${node.op}`);
    names.set(
      node,
      lowerPlain(
        node,
        node.inputs.map((operand) => names.get(operand)!),
        emitter,
      ),
    );
  }
  return names;
}
