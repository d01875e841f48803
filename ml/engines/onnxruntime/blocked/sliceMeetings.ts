import { depthTaps, type Image, type Window } from './image.ts';
import { gradientsOfPair, operandsOfPair, slicesOfPair } from './slicePairs.ts';
import type { Lowerer } from './lowerer.ts';

/** A slice of the operand and one of the gradient by the result, whose product is part of the gradient by a tap. */
export type Meeting = readonly [operand: string, gradient: string];

interface Slices {
  readonly cells: readonly string[];
  readonly operand: Image;
  readonly gradients: readonly string[];
  readonly gradient: Image;
  readonly window: Window;
  readonly inPairs: boolean;
}

/** What meets under each tap in depth; where slices pair up, behind it what meets in each product of a pair. Lists of nothing but pairs have no taps. */
export function sliceMeetings(lowerer: Lowerer, slices: Slices): readonly (readonly Meeting[])[] {
  const { cells, operand, gradients, gradient, window, inPairs } = slices;
  const [depth, count] = [operand.space[0], gradient.space[0]];
  const taps = Array.from({ length: window.kernel[0] }, (): Meeting[] => []);
  const products = Array.from({ length: 4 }, (): Meeting[] => []);
  for (let cell = 0; cell < gradients.length;) {
    const [sample, z] = [Math.floor(cell / count), cell % count];
    const operands = cells.slice(sample * depth, (sample + 1) * depth);
    const pair = inPairs ? slicesOfPair(z, count, operands, window) : undefined;
    if (pair) {
      const by = gradientsOfPair(lowerer, gradients[cell]!, gradients[cell + 1]!);
      for (const [i, transformed] of operandsOfPair(lowerer, pair).entries()) products[i]!.push([transformed, by[i]!]);
    } else
      for (const { tap, from } of depthTaps(z, depth, window)) taps[tap]!.push([operands[from]!, gradients[cell]!]);
    cell += pair ? 2 : 1;
  }
  if (products[0]!.length === 0) return taps;
  return taps.every((tap) => tap.length === 0) ? products : [...taps, ...products];
}
