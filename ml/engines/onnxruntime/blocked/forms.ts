import { sameShape } from '../../../graph/shape.ts';
import { constant, splat } from '../../../graph/sources.ts';
import { foldConstants } from '../../../graph/passes/foldConstants.ts';
import { withOperands } from '../../../graph/passes/withOperands.ts';
import { makeGraph } from '../../../graph/graph.ts';
import { isBlockable, weightShapeOf } from './blockable.ts';
import { isImage } from './image.ts';
import type { Node, OpKind, Shape } from '../../../graph/ops.ts';
import type { CompileOptions } from '../../engine.ts';

/**
 * How a value is held between operations. Cells: one tensor a sample and depth slice, channels in blocks. Weights: in the order that the
 * blocked convolution reads. In both, channels are filled up to whole blocks; `padding` is the value there, where it is known.
 */
export type Form =
  { readonly kind: 'plain' } | { readonly kind: 'cells' | 'weights'; readonly padding: number | 'unknown' };

const plain: Form = { kind: 'plain' };

const elementwiseOps: ReadonlySet<OpKind> = new Set<OpKind>([
  ...(['neg', 'exp', 'log', 'sqrt', 'abs', 'sign', 'sigmoid', 'tanh', 'erf', 'sin', 'cos'] as const),
  ...(['swish', 'swishGradient', 'stopGradient', 'add', 'sub', 'mul', 'div', 'max', 'min'] as const),
]);

const linearOps: ReadonlySet<OpKind> = new Set<OpKind>(['add', 'sub', 'mul', 'div', 'neg']);

/** The form in which each node is computed; operands in another form are converted. */
export function formsOf(nodes: readonly Node[], options: CompileOptions, block: number): ReadonlyMap<Node, Form> {
  const weightShapes = nodes.map((node) => weightShapeOf(node, block)).filter((shape) => shape !== undefined);
  const kept = new Set([...Object.keys(options.state ?? {}), ...Object.keys(options.constants ?? {})]);
  const forms = new Map<Node, Form>();
  const holds = (shape: Shape): boolean => weightShapes.some((other) => sameShape(shape, other));
  for (const node of nodes)
    forms.set(
      node,
      node.op === 'input'
        ? kept.has(node.attributes.name) && node.type === 'float32' && holds(node.shape)
          ? { kind: 'weights', padding: 0 }
          : plain
        : formOf(node, forms, block),
    );
  return forms;
}

function formOf(node: Node, forms: ReadonlyMap<Node, Form>, block: number): Form {
  const of = (operand: Node): Form => forms.get(operand)!;
  switch (node.op) {
    case 'conv':
    case 'convInputGradient':
      return isBlockable(node, block) ? { kind: 'cells', padding: 0 } : plain;
    case 'convWeightGradient':
      return isBlockable(node, block) ? { kind: 'weights', padding: 0 } : plain;
    case 'averagePool':
    case 'maxPool':
    case 'resizeNearest':
      return isBlockable(node, block) ? of(node.inputs[0]!) : plain;
    default:
      return elementwiseOps.has(node.op) ? elementwiseForm(node, of, block) : plain;
  }
}

function elementwiseForm(node: Node, of: (operand: Node) => Form, block: number): Form {
  if (node.inputs.some(({ type }) => type !== 'float32') || !isImage(node.shape)) return plain;
  const large = node.inputs.filter(({ shape }) => sameShape(shape, node.shape));
  const small = node.inputs.filter((operand) => !large.includes(operand));
  const kinds = new Set(large.map((operand) => of(operand).kind));
  if (kinds.size === 1 && kinds.has('weights') && small.every(isScalar)) return padded('weights', node, of);
  const isWide = 2 * node.shape[1]! > block || !kinds.has('plain');
  if (!kinds.has('cells') || kinds.has('weights') || !isWide) return plain;
  if (
    linearOps.has(node.op) &&
    large.length < 2 &&
    small.every(isPerChannel) &&
    !(node.op === 'div' && of(node.inputs[0]!).kind !== 'cells')
  )
    return { kind: 'cells', padding: large.every((operand) => isZero(of(operand))) ? 0 : 'unknown' };
  return small.every(isScalar) ? padded('cells', node, of) : plain;
}

const isZero = (form: Form): boolean => form.kind === 'plain' || form.padding === 0;

export const isScalar = ({ shape }: Node): boolean => shape.every((extent) => extent === 1);

/** One value a channel, for each sample or all. */
export const isPerChannel = ({ shape }: Node): boolean => shape.slice(2).every((extent) => extent === 1);

/** What the operation makes of the padding; plain where that is no number. */
function padded(kind: 'cells' | 'weights', node: Node, of: (operand: Node) => Form): Form {
  const values = node.inputs.map((operand) => {
    const form = of(operand);
    if (form.kind !== 'plain') return form.padding;
    return isScalar(operand) ? (splat(operand) ?? 'unknown') : 0;
  });
  const padding = paddingOf(node, values);
  return padding !== 'unknown' && !Number.isFinite(padding) ? plain : { kind, padding };
}

function paddingOf(node: Node, values: readonly (number | 'unknown')[]): number | 'unknown' {
  if (node.op === 'mul' && values.includes(0)) return 0;
  if (values.includes('unknown')) return 'unknown';
  const single = withOperands(
    node,
    values.map((value) => constant([Number(value)], [1])),
  );
  return splat(foldConstants(makeGraph({ single })).outputs['single']!) ?? 'unknown';
}
