import { lowerPlain } from '../plain/lowering.ts';
import { resizedAxes } from './blockable.ts';
import { combine } from './combine.ts';
import { elementwise, swish, swishGradient } from './elementwise.ts';
import { combinationOf } from './linear.ts';
import { pool, resizeNearest } from './pooling.ts';
import { producerOf } from './producers.ts';
import { resizedWeightGradient } from './resized.ts';
import { spatialSum, weightSum } from './sums.ts';
import { weightGradient } from './weightGradient.ts';
import type { Node, NodeOf } from '../../../graph/ops.ts';
import type { Scope } from './scope.ts';
import type { Step } from './value.ts';

/** How a node that something needs is computed: blocked where the kernels can say it, else as the plain lowering does. */
export function stepOf(node: Node, scope: Scope): Step {
  const { kind } = scope.form(node);
  if (kind === 'cells') return cellsStep(node, scope);
  if (kind === 'weights' && node.op !== 'input') return weightsStep(node, scope);
  const sum = node.op === 'sum' ? (spatialSum(node, scope) ?? weightSum(node, scope)) : undefined;
  return sum ?? plain(node);
}

function cellsStep(node: Node, scope: Scope): Step {
  const producer = producerOf(node, scope);
  if (producer)
    return { needs: producer.needs, emit: (lowerer) => ({ kind: 'cells', names: producer.emit(lowerer, {}) }) };
  const combination = combinationOf(node, scope);
  if (combination) return combine(node, combination, scope);
  switch (node.op) {
    case 'averagePool':
    case 'maxPool':
      return pool(node);
    case 'resizeNearest':
      return resizeNearest(node);
    case 'swish':
      return swish(node);
    case 'swishGradient':
      return swishGradient(node, scope) ?? elementwise(node, 'cells');
    default:
      return elementwise(node, 'cells');
  }
}

function weightsStep(node: Node, scope: Scope): Step {
  return node.op === 'convWeightGradient' ? filterGradient(node, scope) : elementwise(node, 'weights');
}

function filterGradient(node: NodeOf<'convWeightGradient'>, scope: Scope): Step {
  const x = node.inputs[0]!;
  const axes = x.op === 'resizeNearest' && resizedAxes(x.attributes.scale, node.shape, node.attributes, scope.block);
  return axes ? resizedWeightGradient(node, { x: x.inputs[0]!, axes }) : weightGradient(node);
}

const plain = (node: Node): Step => ({
  needs: node.inputs,
  emit: (lowerer) => ({
    kind: 'plain',
    name: lowerPlain(
      node,
      node.inputs.map((operand) => lowerer.plain(operand)),
      lowerer.emitter,
    ),
  }),
});
