import { commonSubexpressions } from './commonSubexpressions.ts';
import { foldConstants } from './foldConstants.ts';
import { simplify } from './simplify.ts';
import type { Graph } from '../graph.ts';

/**
 * The same outputs from fewer operations: the passes, each from graph to graph, until none finds anything more. Dead code needs no
 * pass: a graph is its outputs, so what no output reaches is not in it. Differentiate before or after; both give the same.
 */
export function optimise(graph: Graph): Graph {
  for (let before = graph; ;) {
    const after = foldConstants(simplify(commonSubexpressions(before)));
    if (sameNodes(before, after)) return after;
    before = after;
  }
}

const sameNodes = (a: Graph, b: Graph): boolean =>
  Object.entries(a.outputs).every(([name, node]) => node === b.outputs[name]);
