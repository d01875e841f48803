import type { Plan } from './planSchema.ts';

/** What the size of a training step depends on. */
export interface Workload {
  /** `[k, j, i]` or `[j, i]`. */
  readonly patch: readonly number[];
  readonly batchSize: number;
  /** Image channels plus classes, as the network of a diffusion model takes the noisy mask beside the image. */
  readonly inputs: number;
  readonly classes: number;
  readonly network: Plan['network'];
}

const BYTES_A_FLOAT = 4;
/** Feature maps alive at a level for each residual block, down and up together: convolutions, norms, activations and their gradients. */
const MAPS_A_BLOCK = 26;
/** Weight, gradient, both moments, moving average, and the second copy of the state that a step writes into. */
const COPIES_OF_WEIGHTS = 9;
/** The runtime itself with its compiled graph. */
const RUNTIME_MIB = 200;

/** What one training step takes, in MiB: an upper estimate from the sizes alone, made before anything is allocated. */
export function estimateMemory(workload: Workload): number {
  const bytes = activationBytes(workload) + COPIES_OF_WEIGHTS * BYTES_A_FLOAT * countWeights(workload);
  return Math.ceil(RUNTIME_MIB + bytes / 2 ** 20);
}

function activationBytes({ patch, batchSize, inputs, classes, network }: Workload): number {
  const voxels = batchSize * patch.reduce((product, side) => product * side, 1);
  const maps = network.channels.map(
    (channels, level) => channels * network.blocks * MAPS_A_BLOCK * 2 ** (-level * patch.length),
  );
  const ends = 3 * (inputs + classes);
  return BYTES_A_FLOAT * voxels * (ends + maps.reduce((sum, map) => sum + map, 0));
}

/** Weights of the convolutions of a residual U-Net whose skips are added; norms and biases do not matter here. */
export function countWeights({ patch, inputs, classes, network }: Omit<Workload, 'batchSize'>): number {
  const taps = 3 ** patch.length;
  const { channels, blocks } = network;
  let weights = taps * inputs * channels[0]! + channels[0]! * classes;
  channels.forEach((own, level) => {
    const finer = channels[level - 1] ?? own;
    const way = (2 * blocks - 1) * taps * own * own;
    weights += way + taps * finer * own;
    // Below the finest level: halving at its top, doubling back to the finer level, whose own way up is counted there.
    if (level > 0) weights += taps * finer * finer + taps * own * finer + 2 * blocks * taps * finer * finer;
  });
  return weights;
}
