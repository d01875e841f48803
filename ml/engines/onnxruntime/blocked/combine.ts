import { producerOf } from './producers.ts';
import { roundUp } from './image.ts';
import type { Additions } from './slices.ts';
import type { Operand } from '../../../graph/elementwise.ts';
import type { Combination } from './linear.ts';
import type { Lowerer } from './lowerer.ts';
import type { Node } from '../../../graph/ops.ts';
import type { Producer } from './producer.ts';
import type { Scope } from './scope.ts';
import type { Step } from './value.ts';

/** The images of a combination by how they are best added. */
interface Parts {
  /** Convolutions that nothing else reads: they add the rest to their own result. */
  readonly produced: readonly Producer[];
  readonly scaled: readonly (readonly [Node, Operand])[];
  readonly whole: readonly Node[];
}

/** A linear combination as a chain, each link one pass over memory that adds to what the last one made. */
export function combine(node: Node, { factors, offset, small }: Combination, scope: Scope): Step {
  const parts = partsOf(factors, scope);
  return {
    needs: [
      ...small,
      ...parts.produced.flatMap(({ needs }) => needs),
      ...parts.scaled.map(([image]) => image),
      ...parts.whole,
    ],
    emit: (lowerer) => ({ kind: 'cells', names: chain(lowerer, node, parts, offset) }),
  };
}

function partsOf(factors: ReadonlyMap<Node, Operand>, scope: Scope): Parts {
  const produced: Producer[] = [];
  const scaled: (readonly [Node, Operand])[] = [];
  const whole: Node[] = [];
  for (const [image, factor] of factors) {
    if (factor === 0) continue;
    const producer = factor === 1 && scope.hasOneUse(image) ? producerOf(image, scope) : undefined;
    if (producer) produced.push(producer);
    else if (factor === 1) whole.push(image);
    else scaled.push([image, factor]);
  }
  return { produced, scaled, whole };
}

function chain(lowerer: Lowerer, node: Node, { produced, scaled, whole }: Parts, offset: Operand): readonly string[] {
  let additions: Additions = { bias: offset === 0 ? undefined : lowerer.perChannel(offset, node.shape, 'bias') };
  const link = (make: (additions: Additions) => readonly string[]): void => {
    additions = { sum: make(additions) };
  };
  // What may be written over starts the sum.
  const rest = [...whole];
  const start = rest.findIndex((image) => lowerer.scope.hasOneUse(image) && lowerer.scope.isCells(image));
  if (start >= 0 && produced.length + scaled.length > 0)
    additions = { ...additions, sum: lowerer.cells(rest.splice(start, 1)[0]!) };
  for (const [image, factor] of scaled) link((before) => scale(lowerer, image, factor, before));
  for (const producer of produced) link((before) => producer.emit(lowerer, before));
  if (additions.bias && rest.length > 0) link((before) => scale(lowerer, rest.shift()!, 1, before));
  for (const image of rest)
    link(({ sum }) => (sum ? addCells(lowerer, sum, lowerer.cells(image)) : lowerer.cells(image)));
  return additions.sum!;
}

const addCells = (lowerer: Lowerer, a: readonly string[], b: readonly string[]): readonly string[] =>
  a.map((name, cell) => lowerer.emitter.emit('Add', [name, b[cell]!]));

/** factor * image (+ bias) (+ sum), perhaps through an activation: a depthwise convolution with one tap. */
export function scale(
  lowerer: Lowerer,
  image: Node,
  factor: Operand,
  { bias, sum }: Additions,
  activation?: 'Sigmoid',
): readonly string[] {
  const cells = lowerer.cells(image);
  const filters = lowerer.perChannel(factor, image.shape, 'filter');
  const attributes = {
    group: roundUp(image.shape[1]!, lowerer.block),
    kernel_shape: [1, 1],
    ...(activation ? { activation } : {}),
  };
  const slices = cells.length / filters.length;
  return cells.map((name, cell) => {
    const sample = Math.floor(cell / slices);
    return lowerer.blocked('Conv', [name, filters[sample]!, bias?.[sample], sum?.[cell]], attributes);
  });
}
