import { gradients } from '../../../../ml/autodiff/gradients.ts';
import { broadcastTo, concat, reshape, slice, softmax, sum, transpose } from '../../../../ml/graph/arrays.ts';
import {
  abs,
  add,
  cast,
  div,
  equal,
  exp,
  less,
  log,
  max,
  min,
  mul,
  neg,
  select,
  sigmoid,
  sqrt,
  square,
  stopGradient,
  sub,
  swish,
  tanh,
} from '../../../../ml/graph/elementwise.ts';
import { makeGraph, type Graph } from '../../../../ml/graph/graph.ts';
import { makeNode } from '../../../../ml/graph/node.ts';
import { constant, iota } from '../../../../ml/graph/sources.ts';
import { Draw } from './draw.ts';
import type { Node } from '../../../../ml/graph/ops.ts';

const SHAPE = [2, 3, 2];

/** A node of the shape that all steps share, from earlier ones. */
type Step = (draw: Draw, any: () => Node, input: () => Node) => Node;

/** Powers of two, so that rewriting a product does not round otherwise. */
const numbers = [0, 1, -1, 2, 0.5, -4];

const narrowSum = (draw: Draw, x: Node): Node => sum(x, draw.axes(SHAPE.length));

/**
 * Bounded, smooth steps; what has a kink or a jump is taken of inputs only, where values are the same bits before and after a rewrite.
 * Much of it is there to be simplified.
 */
const steps: readonly Step[] = [
  (_, any) => add(any(), any()),
  (_, any) => sub(any(), any()),
  (_, any) => mul(tanh(any()), any()),
  (_, any) => div(any(), add(square(any()), 1)),
  (_, any) => neg(any()),
  (draw, any) => add(any(), draw.pick(numbers)),
  (draw, any) => sub(draw.pick(numbers), any()),
  (draw, any) => sub(any(), draw.pick(numbers)),
  (draw, any) => mul(draw.pick(numbers), any()),
  (draw, any) => mul(any(), broadcastTo(constant([draw.pick(numbers)], [1, 1, 1]), SHAPE)),
  (_, any) => div(any(), 1),
  (draw, any) =>
    add(
      any(),
      constant(
        draw.times(3, () => draw.real(-1, 1)),
        [1, 3, 1],
      ),
    ),
  (draw, any) => add(any(), broadcastTo(narrowSum(draw, tanh(any())), SHAPE)),
  (draw, any) => broadcastTo(broadcastTo(narrowSum(draw, tanh(any())), [2, 3, 2]), SHAPE),
  (_, any) => broadcastTo(sum(broadcastTo(sum(tanh(any()), [0]), SHAPE), [0]), SHAPE),
  (_, any) => broadcastTo(sum(sum(sum(tanh(any()), [0]), [2]), [0]), SHAPE),
  (_, any) => reshape(reshape(tanh(any()), [6, 2]), SHAPE),
  (_, any) => transpose(transpose(any(), [2, 0, 1]), [1, 2, 0]),
  (_, any) => transpose(reshape(any(), [2, 2, 3]), [0, 2, 1]),
  (_, any) => slice(any(), [0, 0, 0], SHAPE),
  (_, any) => makeNode('pad', [any()], { low: [0, 0, 0], high: [0, 0, 0], interior: [0, 0, 0] }),
  (_, any) => concat([slice(any(), [0, 0, 0], [2, 1, 2]), slice(any(), [0, 1, 0], [2, 3, 2])], 1),
  (draw, any) => select(constant([draw.integer(0, 1)], [1, 1, 1], 'bool'), any(), any()),
  (_, any, input) => {
    const x = any();
    return select(less(input(), input()), x, x);
  },
  (draw, any, input) => select(less(input(), broadcastTo(constant([draw.real(-1, 1)], [1, 1, 1]), SHAPE)), any(), 0),
  (_, any) => mul(any(), cast(equal(reshape(iota(3), [1, 3, 1]), constant([1], [1, 3, 1], 'int32')), 'float32')),
  (_, any) => makeNode('cast', [any()], { to: 'float32' }),
  (_, any) => sqrt(add(square(any()), 0.5)),
  (_, any) => log(add(square(any()), 0.5)),
  (_, any) => exp(sigmoid(any())),
  (_, any) => swish(tanh(any()), 1.702),
  (_, any) => softmax(tanh(any()), 1),
  (_, any) => stopGradient(any()),
  (_, __, input) => add(max(input(), input()), min(input(), 0.375)),
  (_, __, input) => abs(input()),
];

export interface RandomGraph {
  /** `result`, and for some seeds the gradient of its sum by each input. */
  readonly graph: Graph;
  readonly inputs: readonly Node[];
  readonly feeds: Readonly<Record<string, readonly number[]>>;
}

/** A graph of about twenty steps with shared parts, full of what passes can remove. */
export function randomGraph(seed: number): RandomGraph {
  const draw = new Draw(seed);
  const inputs = draw.distinct(SHAPE, SHAPE);
  const pool = [...inputs];
  for (let i = 0; i < 20; i++)
    pool.push(
      draw.pick(steps)(
        draw,
        () => draw.pick(pool.slice(-8)),
        () => draw.pick(inputs),
      ),
    );
  const result = tanh(pool.slice(-3).reduce((total, node) => add(total, node)));
  const outputs: Record<string, Node> = { result };
  if (draw.chance(2))
    for (const [i, gradient] of gradients(sum(result, [0, 1, 2]), inputs).entries()) outputs[`by${i}`] = gradient;
  return { graph: makeGraph(outputs), inputs, feeds: draw.feeds };
}
