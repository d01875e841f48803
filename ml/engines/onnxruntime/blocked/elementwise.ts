import { isScalar } from './forms.ts';
import { lowerPlain } from '../plain/lowering.ts';
import { scale } from './combine.ts';
import type { Scope } from './scope.ts';
import type { Step } from './value.ts';
import type { Node, NodeOf } from '../../../graph/ops.ts';

/** The same operation on each cell, or on the whole of blocked weights; operands of one value hold for all. */
export function elementwise(node: Node, kind: 'cells' | 'weights'): Step {
  return {
    needs: node.inputs,
    emit(lowerer) {
      const lower = (nameOf: (operand: Node) => string): string =>
        lowerPlain(
          node,
          node.inputs.map((operand) =>
            isScalar(operand) ? lowerer.reshape(lowerer.plain(operand), [1]) : nameOf(operand),
          ),
          lowerer.emitter,
        );
      if (kind === 'weights') return { kind, name: lower((operand) => lowerer.weights(operand)) };
      const first = lowerer.cells(node.inputs.find((operand) => !isScalar(operand))!);
      return { kind, names: first.map((_, cell) => lower((operand) => lowerer.cells(operand)[cell]!)) };
    },
  };
}

export const swish = (node: NodeOf<'swish'>): Step => ({
  needs: node.inputs,
  emit: (lowerer) => ({
    kind: 'cells',
    names: lowerer
      .cells(node.inputs[0]!)
      .map((x) =>
        lowerer.emitter.emit(
          'QuickGelu',
          [x],
          { alpha: { float: node.attributes.alpha } },
          { domain: 'com.microsoft' },
        ),
      ),
  }),
});

/**
 * With y = swish(x) = x s: the derivative s + alpha x s (1 - s) is s (1 + alpha (x - y)), which takes fewer passes over memory; y is
 * there from the forward pass.
 */
export function swishGradient(node: NodeOf<'swishGradient'>, scope: Scope): Step | undefined {
  const [x, gradient] = [node.inputs[0]!, node.inputs[1]!];
  const { alpha } = node.attributes;
  const y = scope.swishOf(x, alpha);
  if (!y) return undefined;
  return {
    needs: [x, gradient, y],
    emit(lowerer) {
      const one = lowerer.perChannel(1, node.shape, 'bias');
      const scaled = alpha === 1 ? lowerer.cells(x) : scale(lowerer, x, alpha, {});
      const slope = scale(lowerer, y, -alpha, { bias: one, sum: scaled });
      const sigmoid = scale(lowerer, x, alpha, {}, 'Sigmoid');
      const product = (a: readonly string[], b: readonly string[]): readonly string[] =>
        a.map((name, cell) => lowerer.emitter.emit('Mul', [name, b[cell]!]));
      return { kind: 'cells', names: product(product(lowerer.cells(gradient), sigmoid), slope) };
    },
  };
}
