import { inputsOf, topological, type Graph } from '../../../graph/graph.ts';
import { readyFirst } from '../onnx/readyFirst.ts';
import { Emitter } from '../onnx/emitter.ts';
import { Lowerer } from './lowerer.ts';
import { sharedSums } from './sharedSums.ts';
import { Scope } from './scope.ts';
import { stepOf } from './steps.ts';
import { weightLayout } from './weightLayout.ts';
import type { Node } from '../../../graph/ops.ts';
import type { CompileOptions } from '../../engine.ts';
import type { Layout, Lowered, Lowering } from '../lowering.ts';
import type { Step } from './value.ts';

/**
 * Images in cells and weights in blocked order from operation to operation, for CPUs whose kernels work on `block` channels at once.
 * Says what the plain lowering says, and falls back to it for all that has no blocked kernel.
 */
export const blockedLowering =
  (block: number): Lowering =>
  (graph, options) =>
    lower(graph, options, block);

function lower(given: Graph, options: CompileOptions, block: number): Lowered {
  const graph = sharedSums(given);
  const nodes = topological(graph);
  const outputs = Object.values(graph.outputs);
  const scope = new Scope(nodes, outputs, options, block);
  const layouts = layoutsOf(graph, scope, block);
  const emitter = new Emitter();
  for (const { attributes } of inputsOf(graph).values()) {
    const values = options.constants?.[attributes.name];
    const layout = layouts.get(attributes.name);
    if (values) emitter.weight(attributes.name, layout?.pack(values) ?? values, layout?.shape ?? attributes.shape);
  }
  const lowerer = new Lowerer(emitter, scope);
  const steps = neededSteps(nodes, outputs, scope);
  for (const [number, node] of nodes.entries()) {
    emitter.setOrigin(`%${number} ${node.op}`);
    if (node.op === 'input')
      lowerer.set(node, { kind: layouts.has(node.attributes.name) ? 'weights' : 'plain', name: node.attributes.name });
    else {
      const step = steps.get(node);
      if (step) lowerer.set(node, step.emit(lowerer));
    }
  }
  return {
    graph,
    model: finish(graph, options, lowerer, layouts),
    layouts: keptLayouts(layouts, options),
    isTuned: true,
  };
}

/** Blocked order of the inputs that have it. */
const layoutsOf = (graph: Graph, scope: Scope, block: number): ReadonlyMap<string, Layout> =>
  new Map(
    [...inputsOf(graph)]
      .filter(([, node]) => scope.form(node).kind === 'weights')
      .map(([name, { shape }]) => [name, weightLayout(shape, block)]),
  );

const keptLayouts = (
  layouts: ReadonlyMap<string, Layout>,
  { state = {} }: CompileOptions,
): ReadonlyMap<string, Layout> => new Map([...layouts].filter(([name]) => name in state));

/** Steps of the nodes that some output needs in the end: what is taken over by another step is not computed by itself. */
function neededSteps(nodes: readonly Node[], outputs: readonly Node[], scope: Scope): ReadonlyMap<Node, Step> {
  const needed = new Set<Node>(outputs);
  const steps = new Map<Node, Step>();
  for (const node of [...nodes].reverse()) {
    if (!needed.has(node) || node.op === 'input') continue;
    const step = stepOf(node, scope);
    steps.set(node, step);
    for (const operand of step.needs) needed.add(operand);
  }
  return steps;
}

function finish(
  graph: Graph,
  { state = {}, constants = {} }: CompileOptions,
  lowerer: Lowerer,
  layouts: ReadonlyMap<string, Layout>,
) {
  const layoutOfOutput = new Map<string, Layout>();
  for (const [input, output] of Object.entries(state)) {
    const layout = layouts.get(input);
    if (layout && output !== undefined) layoutOfOutput.set(output, layout);
  }
  const inputs = [...inputsOf(graph).values()]
    .map(({ attributes }) => attributes)
    .filter(({ name }) => !constants[name])
    .map(({ name, type, shape }) => ({ name, type, shape: layouts.get(name)?.shape ?? shape }));
  const outputs = Object.entries(graph.outputs).map(([name, node]) => {
    const layout = layoutOfOutput.get(name);
    lowerer.emitter.setOrigin('output');
    lowerer.emitter.alias(layout ? lowerer.cleanWeights(node) : lowerer.plain(node), name);
    return { name, type: node.type, shape: layout?.shape ?? node.shape };
  });
  const model = lowerer.emitter.finish(inputs, outputs);
  return { ...model, nodes: readyFirst(model.nodes) };
}
