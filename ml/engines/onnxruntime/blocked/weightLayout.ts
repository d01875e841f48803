import { sizeOf } from '../../../graph/shape.ts';
import { roundUp, triple, type Triple } from './image.ts';
import type { Shape } from '../../../graph/ops.ts';
import type { Layout } from '../lowering.ts';

/** Weights [o, i, (kd,) kh, kw] in the order that the blocked convolution reads. */
export interface BlockedWeights {
  readonly outputs: number;
  readonly inputs: number;
  readonly kernel: Triple;
  /** Channels as stored. Few input channels are not padded: the convolution then reads a row-major image. */
  readonly paddedOutputs: number;
  readonly paddedInputs: number;
  readonly narrow: boolean;
  /** Blocks of input channels, and channels in one. */
  readonly inputBlocks: number;
  readonly inputBlock: number;
  /** [kd * o, i, kh, kw] padded. Values in order [kd][o / B][i / B][kh][kw][B of i][B of o], narrow [kd][o / B][i][kh][kw][B of o]. */
  readonly shape: Shape;
}

export function blockedWeights([outputs, inputs, ...spatial]: Shape, block: number): BlockedWeights {
  const kernel = triple(spatial, 1);
  const narrow = 2 * inputs! <= block;
  const paddedOutputs = roundUp(outputs!, block);
  const paddedInputs = narrow ? inputs! : roundUp(inputs!, block);
  return {
    outputs: outputs!,
    inputs: inputs!,
    kernel,
    paddedOutputs,
    paddedInputs,
    narrow,
    inputBlocks: narrow ? inputs! : paddedInputs / block,
    inputBlock: narrow ? 1 : block,
    shape: [kernel[0] * paddedOutputs, paddedInputs, kernel[1], kernel[2]],
  };
}

/** Storage of weights that the program keeps; what is padded is zero, and stays zero in every update that is zero for zeros. */
export function weightLayout(shape: Shape, block: number): Layout {
  const weights = blockedWeights(shape, block);
  const places = placesOf(weights, block);
  return {
    shape: weights.shape,
    pack(values) {
      const stored = new Float32Array(sizeOf(weights.shape));
      places.forEach((place, i) => (stored[place] = values[i]!));
      return stored;
    },
    unpack: (stored) => Float32Array.from(places, (place) => stored[place]!),
  };
}

/** Where each row-major value is stored. */
function placesOf({ outputs, inputs, kernel, inputBlocks, inputBlock, paddedOutputs }: BlockedWeights, block: number) {
  const [depth, height, width] = kernel;
  const taps = height * width;
  const places = new Uint32Array(outputs * inputs * depth * taps);
  let next = 0;
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++)
      for (let d = 0; d < depth; d++) {
        const blocks = (d * (paddedOutputs / block) + Math.floor(o / block)) * inputBlocks + Math.floor(i / inputBlock);
        for (let tap = 0; tap < taps; tap++)
          places[next++] = ((blocks * taps + tap) * inputBlock + (i % inputBlock)) * block + (o % block);
      }
  return places;
}
