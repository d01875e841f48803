import { invariant } from '../check/invariant.ts';
import { Problem } from '../check/problem.ts';
import { sizeOf } from '../graph/shape.ts';
import { reorder, inverseOrder, type AxisOrder } from '../volume/reorder.ts';
import type { Engine, ForeignProgram, Port } from '../engines/engine.ts';
import type { Grid } from '../volume/grid.ts';
import type { Shape } from '../graph/ops.ts';
import { orderOf, type ForeignConfig } from './foreignConfig.ts';
import { activations } from './activations.ts';
import type { PatchNetwork } from './patchNetwork.ts';

const remedy = 'Export it with one input [1, channels, ...patch] and one output of numbers a class, both float32.';

const unfit = (what: string, where: string): Problem => new Problem('model', what, where, remedy);

/**
 * Loads a network that was made elsewhere.
 *
 * @param patch [k, j, i] or [j, i], as everywhere here; it is turned to the network's own axes on the way in and back on the way out.
 * @throws Problem 'model' where the file cannot be run, or does not take such patches.
 */
export async function openForeignNetwork(
  engine: Engine,
  config: ForeignConfig,
  patch: Shape,
  bytes: Uint8Array,
): Promise<PatchNetwork> {
  const order = orderOf(config.axes, config.dimensions);
  invariant(order, 'the axes of a description name directions');
  const grid = gridOf(patch);
  const { shape } = reorder({ grid, channels: 0, data: new Float32Array() }, order).grid;
  const ownPatch = shape.toReversed().slice(3 - patch.length);
  const program = await engine.load(bytes);
  try {
    checkPort(portOf(program.inputs, 'input'), [1, config.imageChannels, ...ownPatch]);
    checkPort(portOf(program.outputs, 'output'), [1, outputsOf(config), ...ownPatch]);
  } catch (error) {
    await program.dispose();
    throw error;
  }
  return {
    config,
    patch,
    predict: (image) => predict(program, { config, grid, order, ownPatch }, image),
    dispose: () => program.dispose(),
  };
}

const outputsOf = ({ activation, classes }: ForeignConfig): number => (activation === 'sigmoid' ? 1 : classes);

interface Layout {
  readonly config: ForeignConfig;
  readonly grid: Grid;
  readonly order: AxisOrder;
  /** Spatial extents of the network's tensors. */
  readonly ownPatch: Shape;
}

async function predict(
  program: ForeignProgram,
  { config, grid, order, ownPatch }: Layout,
  image: Float32Array,
): Promise<Float32Array> {
  const { imageChannels, classes, activation } = config;
  invariant(image.length === imageChannels * sizeOf(ownPatch), 'the image fills the patch');
  const turned = reorder({ grid, channels: imageChannels, data: image }, order);
  const answer = await program.run(turned.data, [1, imageChannels, ...ownPatch]);
  const expected = [1, outputsOf(config), ...ownPatch];
  if (String(answer.shape) !== String(expected))
    throw unfit(`it answers [${answer.shape.join(', ')}] instead of [${expected.join(', ')}]`, 'output');
  const back = reorder({ grid: turned.grid, channels: outputsOf(config), data: answer.values }, inverseOrder(order));
  return activations[activation](back.data, classes);
}

function portOf(ports: readonly Port[], kind: 'input' | 'output'): Port {
  const [only, ...others] = ports;
  if (only && others.length === 0) return only;
  const names = ports.map(({ name }) => name).join(', ');
  throw unfit(`the network has ${ports.length} ${kind}s (${names}) instead of one`, kind);
}

/** A free extent takes what it is given; what comes out is checked again when it has run. */
function checkPort({ name, type, shape }: Port, expected: Shape): void {
  if (type !== 'float32') throw unfit(`${name} holds ${type} instead of float32`, name);
  // A file may leave the shape of a result out.
  if (shape.length === 0) return;
  const fits = shape.length === expected.length && shape.every((side, at) => side === null || side === expected[at]);
  if (fits) return;
  const own = shape.map((side) => side ?? 'any').join(', ');
  throw unfit(`${name} is [${own}], and the description says [${expected.join(', ')}]`, name);
}

/** Only the order of its axes matters. */
const gridOf = (patch: Shape): Grid => {
  const [i = 1, j = 1, k = 1] = patch.toReversed();
  return {
    shape: [i, j, k],
    spacing: [1, 1, 1],
    unit: 'voxel',
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
};
