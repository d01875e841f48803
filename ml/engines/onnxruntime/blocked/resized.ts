// The convolution of a nearest resize and its two gradients, on the coarse grid: 4 taps for 9 in a plane, 8 for 27 in space.
import { indicesOf, phaseMatrix, reorderRows, rowsOfWeights, transposedRows } from './filterRows.ts';
import { cellsOf, imageOf, type Image } from './image.ts';
import { combineRows, phasedConvolution, phasesOf, tapsOf } from './phased.ts';
import { firstPosition, phasePlane, slicesSeeing } from './phasePlanes.ts';
import { planeGradient } from './weightGradient.ts';
import { sizeOf } from '../../../graph/shape.ts';
import { blockedWeights } from './weightLayout.ts';
import type { Lowerer } from './lowerer.ts';
import type { PhaseAxis } from './phases.ts';
import type { Producer } from './producer.ts';
import type { Step } from './value.ts';
import type { Node, NodeOf } from '../../../graph/ops.ts';

/** x: what is resized; w: the filter. */
export interface Resized {
  readonly x: Node;
  readonly w: Node;
  readonly axes: readonly PhaseAxis[];
}

export const resizedConvolution = (node: Node, { x, w, axes }: Resized): Producer => ({
  needs: [x, w],
  emit: (lowerer, additions) =>
    phasedConvolution(
      lowerer,
      {
        cells: lowerer.cleanCells(x),
        from: imageOf(x.shape),
        to: imageOf(node.shape),
        axes,
        rows: rowsOfWeights(lowerer, lowerer.cleanWeights(w), w.shape),
        kernel: blockedWeights(w.shape, lowerer.block).kernel,
        blocks: blocksOf(lowerer, w),
        resultAxis: 0,
      },
      additions,
    ),
});

const blocksOf = (lowerer: Lowerer, { shape }: Pick<Node, 'shape'>): readonly [number, number] => {
  const { paddedOutputs, inputBlocks } = blockedWeights(shape, lowerer.block);
  return [paddedOutputs / lowerer.block, inputBlocks];
};

/** Gradient by x, of `shape`, from that by the result: every phase goes back by its own small convolution. */
export const resizedInputGradient = (node: Node, gradient: Node, { w, axes }: Omit<Resized, 'x'>): Producer => ({
  needs: [gradient, w],
  emit(lowerer, { bias, sum }) {
    const [to, from] = [imageOf(node.shape), imageOf(gradient.shape)];
    const cells = lowerer.cleanCells(gradient);
    const filters = turnedFilters(lowerer, w, axes);
    const [, py, px] = phasesOf(axes);
    const planes = indicesOf([py!, px!]);
    const inDepth = tapsOf(axes)[0]!;
    return Array.from({ length: cellsOf(to) }, (_, cell) => {
      const sample = Math.floor(cell / to.space[0]);
      let total = sum?.[cell];
      let added = bias?.[sample];
      for (const { phase, tap, slice } of slicesSeeing(cell % to.space[0], from.space[0], axes[0]!))
        for (const [plane, [y, x]] of planes.entries()) {
          const fine = phasePlane(lowerer, cells[sample * from.space[0] + slice]!, from, axes, [y!, x!]);
          const filter = filters[(phase * inDepth + tap) * planes.length + plane]!;
          total = lowerer.blocked('Conv', [fine, filter, added, total], turnedAttributes(axes, to, [y!, x!]));
          added = undefined;
        }
      return total!;
    });
  },
});

/** Filters [i, o, ty, tx], taps backwards, one for each phase and tap in depth and each phase in the plane. */
function turnedFilters(lowerer: Lowerer, w: Node, axes: readonly PhaseAxis[]): readonly string[] {
  const { kernel } = blockedWeights(w.shape, lowerer.block);
  const blocks = blocksOf(lowerer, w);
  const rows = combineRows(lowerer, {
    rows: transposedRows(lowerer, lowerer.cleanWeights(w), w.shape),
    axes,
    kernel,
    blocks,
  });
  const [phases, taps] = [phasesOf(axes), tapsOf(axes)];
  const ordered = reorderRows(lowerer, rows, [...blocks, ...phases, ...taps], [2, 5, 3, 4, 1, 0, 6, 7], [6, 7]);
  const count = sizeOf(phases) * taps[0]!;
  const shape = [count * blocks[1] * lowerer.block, blocks[0] * lowerer.block, taps[1]!, taps[2]!];
  return lowerer.split(lowerer.reshape(ordered, shape), count);
}

function turnedAttributes(axes: readonly PhaseAxis[], { space }: Image, plane: readonly number[]) {
  const taps = tapsOf(axes).slice(1);
  const before = taps.map((count, i) => count - 1 - zerosBefore(axes[i + 1]!, plane[i]!));
  return {
    kernel_shape: taps,
    pads: [...before, ...taps.map((count, i) => count - 1 - before[i]!)],
    strides: space.slice(1).map(() => 1),
  };
}

/** Zeros before the coarse grid as one phase sees it. */
const zerosBefore = (axis: PhaseAxis, phase: number): number => axis.before - firstPosition(phase, axis);

export const resizedWeightGradient = (node: NodeOf<'convWeightGradient'>, { x, axes }: Omit<Resized, 'w'>): Step => {
  const gradient = node.inputs[1]!;
  return {
    needs: [x, gradient],
    emit: (lowerer) => ({ kind: 'weights', name: emitWeightGradient(lowerer, node, x, gradient, axes) }),
  };
};

function emitWeightGradient(lowerer: Lowerer, node: Node, x: Node, gradient: Node, axes: readonly PhaseAxis[]): string {
  const { kernel, shape } = blockedWeights(node.shape, lowerer.block);
  const blocks = blocksOf(lowerer, node);
  const [phases, taps] = [phasesOf(axes), tapsOf(axes)];
  const parts = indicesOf([phases[0]!, taps[0]!, phases[1]!, phases[2]!]).map(([pz, tz, py, px]) =>
    phaseGradient(lowerer, x, gradient, axes, { depth: [pz!, tz!], plane: [py!, px!] }),
  );
  const width = lowerer.block ** 2;
  const rows = lowerer.reshape(lowerer.join(parts), [sizeOf([...phases, ...taps, ...blocks]), width]);
  // [pz][tz][py][px][i / B][o / B][ty][tx] to [o / B][i / B][pz][py][px][tz][ty][tx].
  const extents = [phases[0]!, taps[0]!, phases[1]!, phases[2]!, blocks[1], blocks[0], taps[1]!, taps[2]!];
  const ordered = reorderRows(lowerer, rows, extents, [5, 4, 0, 2, 3, 1, 6, 7]);
  const [combined, wholes] = [sizeOf(phases) * sizeOf(taps), sizeOf(kernel)];
  const matrix = phaseMatrix(axes, kernel);
  const turned = Array.from(
    { length: wholes * combined },
    (_, i) => matrix[(i % combined) * wholes + Math.floor(i / combined)]!,
  );
  const { emitter } = lowerer;
  const filters = lowerer.reshape(ordered, [blocks[0] * blocks[1], combined, width]);
  const summed = emitter.emit('MatMul', [emitter.float(turned, [wholes, combined]), filters]);
  const flat = lowerer.reshape(summed, [blocks[0] * blocks[1] * wholes, width]);
  return lowerer.reshape(reorderRows(lowerer, flat, [...blocks, ...kernel], [2, 0, 1, 3, 4]), shape);
}

function phaseGradient(
  lowerer: Lowerer,
  x: Node,
  gradient: Node,
  axes: readonly PhaseAxis[],
  { depth: [pz, tz], plane }: { depth: readonly [number, number]; plane: readonly [number, number] },
): string {
  const [coarse, fine] = [imageOf(x.shape), imageOf(gradient.shape)];
  const [xCells, gCells] = [lowerer.cleanCells(x), lowerer.cleanCells(gradient)];
  const pairs = xCells.flatMap((name, cell) =>
    slicesSeeing(cell % coarse.space[0], fine.space[0], axes[0]!)
      .filter(({ phase, tap }) => phase === pz && tap === tz)
      .map(({ slice }) => {
        const whole = gCells[Math.floor(cell / coarse.space[0]) * fine.space[0] + slice]!;
        return [name, phasePlane(lowerer, whole, fine, axes, plane)] as const;
      }),
  );
  const [, height, width] = tapsOf(axes);
  return planeGradient(lowerer, {
    pairs,
    operand: coarse,
    gradient: { ...fine, space: [1, fine.space[1] / axes[1]!.phases.length, fine.space[2] / axes[2]!.phases.length] },
    kernel: [height!, width!],
    stride: [1, 1],
    before: [zerosBefore(axes[1]!, plane[0]), zerosBefore(axes[2]!, plane[1])],
    narrow: false,
  });
}
