import { Problem } from '../../../ml/check/problem.ts';
import { sizeOf } from '../../../ml/graph/shape.ts';
import { sizeMultiple } from '../../../ml/nn/unetConfig.ts';
import type { Network } from '../models/description.ts';

const MIB = 2 ** 20;
const FLOAT = 4;
/** Feature maps of the finest level that a runtime holds at once, measured on our U-Nets. */
const LIVE_MAPS = 6;
/** Feature channels of the finest level of a network whose make-up is not known: those of nnU-Net and of MONAI's U-Nets. */
const FOREIGN_CHANNELS = 32;
/** The process itself: Node, the runtime, the weights. */
const BASE_MIB = 250;

export interface InferenceSize {
  /** Voxels of the image as read. */
  readonly imageVoxels: number;
  /** Voxels of the image on the network's grid. */
  readonly networkVoxels: number;
  readonly channels: number;
  readonly classes: number;
  /** Steps of a chain whose predictions are kept beside each other. */
  readonly keptSteps?: number;
}

/** What segmenting needs beside the network: the image twice, one sample on both grids, and the running means. */
function volumeBytes({ imageVoxels, networkVoxels, channels, classes, keptSteps = 0 }: InferenceSize): number {
  const onImage = imageVoxels * (channels + 2 * classes + 5);
  const onNetwork = networkVoxels * (2 * channels + (2 + keptSteps) * classes + 1);
  return FLOAT * (onImage + onNetwork);
}

function networkBytes(network: Network, patch: readonly number[]): number {
  const maps = network.kind === 'unet' ? network.channels[0]! : FOREIGN_CHANNELS;
  return FLOAT * sizeOf(patch) * maps * LIVE_MAPS;
}

export const estimateMiB = (size: InferenceSize, network: Network, patch: readonly number[]): number =>
  Math.ceil(BASE_MIB + (volumeBytes(size) + networkBytes(network, patch)) / MIB);

export interface FittingPatch {
  readonly patch: readonly number[];
  readonly neededMiB: number;
}

/**
 * The model's patch, or the largest smaller one that fits: smaller windows take longer and see less context, but use less memory. A
 * network from elsewhere has one size.
 *
 * @throws Problem 'memory' where even the smallest patch does not fit.
 */
export function fitPatch(
  size: InferenceSize,
  network: Network,
  patch: readonly number[],
  allowedMiB: number,
): FittingPatch {
  const smallest = network.kind === 'unet' ? 2 * sizeMultiple(network) : Infinity;
  let current = patch;
  while (estimateMiB(size, network, current) > allowedMiB) {
    const largest = Math.max(...current);
    if (largest <= smallest) {
      const neededMiB = estimateMiB(size, network, current);
      const what = `segmenting this image needs about ${neededMiB} MiB of memory, and ${Math.floor(allowedMiB)} MiB may be used`;
      throw new Problem('memory', what, 'memory', `Allow ${neededMiB} MiB, close other programs, or crop the image.`);
    }
    const axis = current.indexOf(largest);
    const half = Math.ceil(largest / smallest) * (smallest / 2);
    current = current.map((extent, i) => (i === axis ? half : extent));
  }
  return { patch: current, neededMiB: estimateMiB(size, network, current) };
}
