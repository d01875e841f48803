import { rewriteGraph, type Graph } from '../graph.ts';
import { elementwise } from '../semantics/elementwise.ts';
import { compute } from '../semantics/semantics.ts';
import { sizeOf } from '../shape.ts';
import { constant, splat, valuesOf } from '../sources.ts';
import { withOperands } from './withOperands.ts';
import type { Node, NodeOf, OpKind } from '../ops.ts';

/** A constant with more values is left to be computed at run time rather than carried in the model. */
const LARGEST = 4096;

/** Results that only repeat their operand: broadcasting costs nothing at run time, the repeated values would be carried. */
const repeating: ReadonlySet<OpKind> = new Set(['broadcastTo', 'resizeNearest']);

const rearranging: ReadonlySet<OpKind> = new Set([...repeating, 'reshape', 'transpose', 'slice']);

/** Computes, in float64, the nodes whose operands are all constants: small ones, and of any size those of one value throughout. */
export const foldConstants = (graph: Graph): Graph =>
  rewriteGraph(graph, (original, operands) => {
    const node = withOperands(original, operands);
    const constants = operands.filter((operand) => operand.op === 'constant');
    if (operands.length === 0 || constants.length < operands.length) return node;
    const value = foldSplats(node, constants);
    if (value !== undefined) return constant([value], node.shape, node.type);
    return isSmall(node) ? constant([...valuesOfNode(node, constants)], node.shape, node.type) : node;
  });

const isSmall = (node: Node): boolean =>
  !repeating.has(node.op) && [node, ...node.inputs].every(({ shape }) => sizeOf(shape) <= LARGEST);

function valuesOfNode(node: Node, operands: readonly NodeOf<'constant'>[]): Float64Array {
  if (node.op === 'input') throw new Error('an input has no operands to fold');
  return compute(
    node,
    operands.map((operand) => Float64Array.from(valuesOf(operand))),
  );
}

/** The one value throughout a node whose operands are each one value throughout, where that is plain to see. */
function foldSplats(node: Node, operands: readonly NodeOf<'constant'>[]): number | undefined {
  const values = operands.map(splat);
  const [first] = values;
  if (first === undefined || values.includes(undefined)) return undefined;
  if (rearranging.has(node.op)) return first;
  if (node.op === 'sum') return first * (sizeOf(operands[0]!.shape) / sizeOf(node.shape));
  if (!(node.op in elementwise)) return undefined;
  const single = withOperands(
    node,
    operands.map(({ type, shape }, i) =>
      constant(
        [values[i]!],
        shape.map(() => 1),
        type,
      ),
    ),
  );
  return valuesOfNode(
    single,
    single.inputs.filter((operand) => operand.op === 'constant'),
  )[0];
}
