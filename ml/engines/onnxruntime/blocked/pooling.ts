import { imageOf, cellsOf, triple, type Triple } from './image.ts';
import type { Lowerer } from './lowerer.ts';
import type { Step } from './value.ts';
import type { NodeOf } from '../../../graph/ops.ts';

/** Pooling in the plane by the blocked kernel, then over the slices under each window. */
export function pool(node: NodeOf<'averagePool'> | NodeOf<'maxPool'>): Step {
  const x = node.inputs[0]!;
  const kernel = triple(node.attributes.kernel, 1);
  const stride = triple(node.attributes.stride, 1);
  return {
    needs: [x],
    emit(lowerer) {
      const [depth, slices] = [imageOf(x.shape).space[0], imageOf(node.shape).space[0]];
      const op = node.op === 'maxPool' ? 'MaxPool' : 'AveragePool';
      const planes = lowerer.cells(x).map((name) => inPlane(lowerer, op, name, kernel, stride));
      const names = Array.from({ length: cellsOf(imageOf(node.shape)) }, (_, cell) => {
        const first = Math.floor(cell / slices) * depth + (cell % slices) * stride[0];
        const under = planes.slice(first, first + kernel[0]);
        return under.length === 1 ? under[0]! : lowerer.emitter.emit(node.op === 'maxPool' ? 'Max' : 'Mean', under);
      });
      return { kind: 'cells', names };
    },
  };
}

const inPlane = (lowerer: Lowerer, op: string, name: string, kernel: Triple, stride: Triple): string =>
  lowerer.blocked(op, [name], { kernel_shape: kernel.slice(1), strides: stride.slice(1) });

/** Slices are repeated by name alone. */
export const resizeNearest = (node: NodeOf<'resizeNearest'>): Step => ({
  needs: node.inputs,
  emit(lowerer) {
    const scale = triple(node.attributes.scale, 1);
    const planes = lowerer
      .cells(node.inputs[0]!)
      .map((name) => lowerer.blocked('Upsample', [name], { scales: [1, 1, scale[1], scale[2]] }));
    return { kind: 'cells', names: planes.flatMap((name) => new Array<string>(scale[0]).fill(name)) };
  },
});
