import { cellsOf, depthTaps, type Image, type Window } from './image.ts';
import {
  filtersOfPair,
  minus,
  operandsOfPair,
  pairsSave,
  plus,
  slicesOfPair,
  type Four,
  type SlicesOfPair,
} from './slicePairs.ts';
import type { Lowerer } from './lowerer.ts';

/** What a convolution adds to its result without another pass over memory. */
export interface Additions {
  /** One tensor of a value a channel for each sample. */
  readonly bias?: readonly string[] | undefined;
  /** Cells of the result's shape that nothing else reads afterwards: they are written over. */
  readonly sum?: readonly string[] | undefined;
}

export interface SliceConvolution extends Additions {
  readonly cells: readonly string[];
  readonly from: Image;
  readonly to: Image;
  readonly window: Window;
  /** [kd * o, i, kh, kw] in blocked order: one filter of a plane for each tap in depth. */
  readonly filters: string;
  readonly filterShape: readonly number[];
}

/** A convolution of planes for each slice and each tap in depth, those of one result chained by their sum; fewer where slices pair up. */
export function convolveSlices(lowerer: Lowerer, task: SliceConvolution): readonly string[] {
  const { cells, from, to, window, filters, filterShape } = task;
  const [depth, slices] = [from.space[0], to.space[0]];
  const single = singleResult(lowerer, task);
  const ofPair = pairsSave(window, from, to) ? filtersOfPair(lowerer, filters, filterShape) : undefined;
  const results: string[] = [];
  while (results.length < cellsOf(to)) {
    const cell = results.length;
    const [sample, z] = [Math.floor(cell / slices), cell % slices];
    const operands = cells.slice(sample * depth, (sample + 1) * depth);
    const pair = ofPair && slicesOfPair(z, slices, operands, window);
    if (pair) results.push(...pairOfResults(lowerer, task, { cell, sample, pair, filters: ofPair }));
    else results.push(single(cell, sample, z, operands));
  }
  return results;
}

function singleResult(lowerer: Lowerer, { window, filters, bias, sum }: SliceConvolution) {
  let taps: readonly string[] | undefined;
  return (cell: number, sample: number, z: number, operands: readonly string[]): string => {
    taps ??= lowerer.split(filters, window.kernel[0]);
    let total = sum?.[cell];
    for (const [i, { tap, from }] of depthTaps(z, operands.length, window).entries())
      total = convolve(lowerer, window, operands[from]!, taps[tap]!, i === 0 ? bias?.[sample] : undefined, total);
    return total!;
  };
}

function pairOfResults(
  lowerer: Lowerer,
  { window, bias, sum }: SliceConvolution,
  { cell, sample, pair, filters }: { cell: number; sample: number; pair: SlicesOfPair; filters: Four },
): readonly [string, string] {
  const operands = operandsOfPair(lowerer, pair);
  const m1 = convolve(lowerer, window, operands[1], filters[1]);
  const m2 = convolve(lowerer, window, operands[2], filters[2]);
  const finish = (i: 0 | 3, middle: string, given: string | undefined): string => {
    const result = convolve(lowerer, window, operands[i], filters[i], bias?.[sample], given ?? middle);
    return given === undefined ? result : plus(lowerer, result, middle);
  };
  return [finish(0, plus(lowerer, m1, m2), sum?.[cell]), finish(3, minus(lowerer, m1, m2), sum?.[cell + 1])];
}

const convolve = (
  lowerer: Lowerer,
  { kernel, stride, before, after }: Window,
  operand: string,
  filter: string,
  bias?: string,
  sum?: string,
): string =>
  lowerer.blocked('Conv', [operand, filter, bias, sum], {
    kernel_shape: kernel.slice(1),
    strides: stride.slice(1),
    pads: [...before.slice(1), ...after.slice(1)],
  });
