import { rewriteGraph, type Graph } from '../graph.ts';
import { withOperands } from './withOperands.ts';
import type { Node, OpKind } from '../ops.ts';

const commutative: ReadonlySet<OpKind> = new Set(['add', 'mul', 'equal']);

/** Computes once what is written twice: nodes of one primitive, with equal attributes, on the same operands. */
export function commonSubexpressions(graph: Graph): Graph {
  const kept = new Map<string, Node[]>();
  const numbers = new Map<Node, number>();
  return rewriteGraph(graph, (original, operands) => {
    const node = withOperands(original, operands);
    const key = keyOf(node, numbers);
    const alike = kept.get(key) ?? [];
    kept.set(key, alike);
    const twin = alike.find((other) => sameData(node, other));
    if (twin) return twin;
    alike.push(node);
    numbers.set(node, numbers.size);
    return node;
  });
}

/** Equal for equal nodes. Unequal nodes share one only where two constants hash alike. */
function keyOf(node: Node, numbers: ReadonlyMap<Node, number>): string {
  const operands = node.inputs.map((operand) => numbers.get(operand)!);
  if (commutative.has(node.op)) operands.sort((a, b) => a - b);
  return [node.op, operands.join(), node.type, node.shape.join(), attributesKey(node)].join(' ');
}

function attributesKey(node: Node): string {
  if (node.op === 'constant') return String(hashOf(node.attributes.data));
  const entries = Object.entries(node.attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries);
}

/** FNV-1a over the bits, so that 0 and -0 differ and NaN equals itself. */
const hashOf = (data: readonly number[]): number =>
  new Uint32Array(Float64Array.from(data).buffer).reduce(
    (hash, word) => Math.imul(hash ^ word, 0x01000193),
    0x811c9dc5,
  );

function sameData(a: Node, b: Node): boolean {
  if (a.op !== 'constant' || b.op !== 'constant') return true;
  const [left, right] = [a.attributes.data, b.attributes.data];
  return left.length === right.length && left.every((value, i) => Object.is(value, right[i]));
}
