import { cellsOf, triple, type Image, type Window } from './image.ts';
import { indicesOf, phaseMatrix, reorderRows } from './filterRows.ts';
import { placeOf, type PhaseAxis } from './phases.ts';
import { sizeOf } from '../../../graph/shape.ts';
import { convolveSlices, type Additions } from './slices.ts';
import type { Lowerer } from './lowerer.ts';

/** A convolution in phases; `rows` are its blocks in order [kd][first][second][kh][kw], results blocks first or second. */
export interface Phased {
  readonly cells: readonly string[];
  readonly from: Image;
  readonly to: Image;
  readonly axes: readonly PhaseAxis[];
  readonly rows: string;
  readonly kernel: readonly number[];
  /** Blocks along the two channel axes of the rows. */
  readonly blocks: readonly [number, number];
  /** Which of them the result's channels are. */
  readonly resultAxis: 0 | 1;
}

export const phasesOf = (axes: readonly PhaseAxis[]): readonly number[] => axes.map(({ phases }) => phases.length);
export const tapsOf = (axes: readonly PhaseAxis[]): readonly number[] => axes.map(({ phases }) => phases[0]!.length);

/** Rows in order [first][second][pz py px][tz ty tx]. */
export function combineRows(
  lowerer: Lowerer,
  { rows, axes, kernel, blocks }: Pick<Phased, 'rows' | 'axes' | 'kernel' | 'blocks'>,
): string {
  const { block, emitter } = lowerer;
  const ordered = reorderRows(lowerer, rows, [kernel[0]!, ...blocks, kernel[1]!, kernel[2]!], [1, 2, 0, 3, 4]);
  const width = block ** 2;
  const combined = sizeOf(phasesOf(axes)) * sizeOf(tapsOf(axes));
  const matrix = emitter.float(phaseMatrix(axes, kernel), [combined, sizeOf(kernel)]);
  const filters = lowerer.reshape(ordered, [blocks[0] * blocks[1], sizeOf(kernel), width]);
  return lowerer.reshape(emitter.emit('MatMul', [matrix, filters]), [blocks[0] * blocks[1] * combined, width]);
}

/** One filter [phases in the plane * results, operands, ty, tx] for each phase and tap in depth. */
function depthFilters(lowerer: Lowerer, phased: Phased): readonly string[] {
  const { axes, blocks, resultAxis } = phased;
  const [phases, taps] = [phasesOf(axes), tapsOf(axes)];
  const [results, operands] = channelAxes(phased);
  const ordered = reorderRows(
    lowerer,
    combineRows(lowerer, phased),
    [...blocks, ...phases, ...taps],
    [2, 5, 3, 4, results, operands, 6, 7],
  );
  const shape = [
    sizeOf(phases) * taps[0]! * blocks[resultAxis] * lowerer.block,
    blocks[operands] * lowerer.block,
    taps[1]!,
    taps[2]!,
  ];
  return lowerer.split(lowerer.reshape(ordered, shape), phases[0]! * taps[0]!);
}

const channelAxes = ({ resultAxis }: Phased): readonly [results: 0 | 1, operands: 0 | 1] =>
  resultAxis === 0 ? [0, 1] : [1, 0];

/** One phase along every axis: a convolution with the filter's taps in order or backwards. */
function singlePhase(lowerer: Lowerer, phased: Phased, additions: Additions): readonly string[] {
  const { axes, blocks, kernel, rows, cells, from, to } = phased;
  const [results, operands] = channelAxes(phased);
  const ordered = reorderRows(
    lowerer,
    rows,
    [kernel[0]!, ...blocks, kernel[1]!, kernel[2]!],
    [0, results + 1, operands + 1, 3, 4],
    [0, 3, 4].filter((_, i) => axes[i]!.phases[0]![0]![0] !== 0),
  );
  const filterShape = [
    kernel[0]! * blocks[results] * lowerer.block,
    blocks[operands] * lowerer.block,
    kernel[1]!,
    kernel[2]!,
  ];
  const window: Window = {
    kernel: triple(kernel, 1),
    stride: [1, 1, 1],
    before: triple(
      axes.map(({ before }) => before),
      0,
    ),
    after: triple(
      axes.map(({ after }) => after),
      0,
    ),
  };
  const filters = lowerer.reshape(ordered, filterShape);
  return convolveSlices(lowerer, { cells, from, to, window, filters, filterShape, ...additions });
}

/** From the coarse grid to the fine one: all phases in the plane by one convolution, then their rows and columns interleaved. */
export function phasedConvolution(lowerer: Lowerer, phased: Phased, additions: Additions): readonly string[] {
  const { axes, cells, from, to } = phased;
  if (axes.every(({ phases }) => phases.length === 1)) return singlePhase(lowerer, phased, additions);
  const { bias, sum } = additions;
  const [, height, width] = axes as [PhaseAxis, PhaseAxis, PhaseAxis];
  const filters = depthFilters(lowerer, phased);
  const inPlane = height.phases.length * width.phases.length;
  const wideBias = bias?.map((name) =>
    lowerer.once(`${inPlane} times ${name}`, () => lowerer.join(new Array<string>(inPlane).fill(name))),
  );
  const attributes = {
    kernel_shape: tapsOf(axes).slice(1),
    pads: [height.before, width.before, height.after, width.after],
  };
  return Array.from({ length: cellsOf(to) }, (_, cell) => {
    const sample = Math.floor(cell / to.space[0]);
    const { phase, slices } = slicesUnder(cell % to.space[0], from.space[0], axes[0]!);
    let total = inPlane === 1 ? sum?.[cell] : undefined;
    for (const [i, { tap, slice }] of slices.entries())
      total = lowerer.blocked(
        'Conv',
        [
          cells[sample * from.space[0] + slice],
          filters[phase * axes[0]!.phases[0]!.length + tap],
          i === 0 ? wideBias?.[sample] : undefined,
          total,
        ],
        attributes,
      );
    if (inPlane === 1) return total!;
    const fine = interleave(lowerer, total!, phased);
    return sum ? lowerer.emitter.emit('Add', [fine, sum[cell]!]) : fine;
  });
}

/** Phase of a fine slice, and the coarse slices under its taps. Taps of nothing are left out. */
function slicesUnder(z: number, depth: number, axis: PhaseAxis) {
  const [phase, position] = placeOf(z, axis);
  const slices = axis.phases[phase]!.flatMap((taps, tap) => {
    const slice = position - axis.before + tap;
    return taps.length > 0 && slice >= 0 && slice < depth ? [{ tap, slice }] : [];
  });
  return { phase, slices };
}

function interleave(lowerer: Lowerer, name: string, { axes, from, to, blocks, resultAxis }: Phased): string {
  const { block, emitter } = lowerer;
  const taps = tapsOf(axes);
  const [height, width] = [axes[1]!, axes[2]!];
  const grid = [1, 2].map((axis) => from.space[axis]! + axes[axis]!.before + axes[axis]!.after - taps[axis]! + 1);
  const results = blocks[resultAxis];
  const extents = [results, to.space[1], to.space[2]];
  const chosen = lowerer.once(`interleaved ${extents.join()} ${grid.join()} ${phasesOf(axes).join()}`, () =>
    emitter.constant(
      'int32',
      indicesOf(extents).map(([channel, y, x]) => {
        const [py, qy] = placeOf(y!, height);
        const [px, qx] = placeOf(x!, width);
        const plane = (py * width.phases.length + px) * results + channel!;
        return (plane * grid[0]! + qy) * grid[1]! + qx;
      }),
      extents,
    ),
  );
  const pixels = lowerer.reshape(name, [
    height.phases.length * width.phases.length * results * grid[0]! * grid[1]!,
    block,
  ]);
  return lowerer.reshape(emitter.emit('Gather', [pixels, chosen], { axis: 0 }), [
    1,
    results * block,
    to.space[1],
    to.space[2],
  ]);
}
