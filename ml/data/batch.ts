import { invariant } from '../check/invariant.ts';
import { shuffle } from '../random/shuffle.ts';
import { stream } from '../random/stream.ts';
import type { Vector3 } from '../volume/grid.ts';
import { varyIntensity } from './augmentation/intensity.ts';
import { placePatch, resamplePatch, sourceBox } from './augmentation/resamplePatch.ts';
import type { Augmentation } from './augmentation/settings.ts';
import { drawTransform } from './augmentation/transform.ts';
import type { BoxVoxels, CaseSource } from './caseSource.ts';
import { chooseForegroundVoxel, choosePatchStart } from './choosePatchStart.ts';
import type { Plan } from './plan/planSchema.ts';

/** What the batches of a training are made of. */
export interface BatchRecipe {
  readonly plan: Pick<Plan, 'patch' | 'spacing' | 'context'>;
  readonly batchSize: number;
  /** Indices into the source: the training cases. */
  readonly cases: readonly number[];
  readonly seed: number;
  /** Patches are left as they are where undefined. */
  readonly augmentation: Augmentation | undefined;
}

/** The patches of one training step. */
export interface Batch {
  readonly step: number;
  /** Float32Array [n, c, ...patch], normalised; slices of context are channels, from first to last for each. */
  readonly image: Float32Array<ArrayBuffer>;
  /** Uint8Array [n, ...patch], classes. */
  readonly label: Uint8Array<ArrayBuffer>;
}

/** Every third patch of the training is centred on foreground (nnU-Net oversamples alike, by the third of each batch). */
const FOREGROUND_EVERY = 3;

/**
 * The batch of a step: a function of the recipe and the step alone, so it is the same whoever makes it, in whatever order, and
 * after whatever interruption. Each case comes once a round, in an order of its own every round.
 */
export function drawBatch(source: CaseSource, recipe: BatchRecipe, step: number): Batch {
  const { batchSize, plan } = recipe;
  const size = plan.patch.reduce((product, side) => product * side, 1);
  const seen = size * (1 + 2 * plan.context);
  const image = new Float32Array(batchSize * source.channels * seen);
  const label = new Uint8Array(batchSize * size);
  for (let n = 0; n < batchSize; n++) {
    const drawn = drawPatch(source, recipe, step, n);
    image.set(drawn.image, n * source.channels * seen);
    // Of slices with context, the one in the middle is segmented.
    const before = plan.context * size;
    label.set(drawn.label.subarray(before, before + size), n * size);
  }
  return { step, image, label };
}

/** A patch with its slices of context. */
function drawPatch(source: CaseSource, recipe: BatchRecipe, step: number, n: number): BoxVoxels {
  const { seed, plan, batchSize, augmentation } = recipe;
  const position = step * batchSize + n;
  const caseIndex = chooseCase(recipe, position);
  const shape = source.shape(caseIndex);
  const placing = stream(seed, 'patch', step, n);
  const centre =
    position % FOREGROUND_EVERY === 0 ? chooseForegroundVoxel(shape, source.locations(caseIndex), placing) : undefined;
  const patch = patchShape(plan.patch);
  const [k, j, i] = choosePatchStart(shape, patch, centre, placing);
  const start: Vector3 = [k - plan.context, j, i];
  const size: Vector3 = [patch[0] + 2 * plan.context, patch[1], patch[2]];
  if (!augmentation) return source.read(caseIndex, { start, size });
  const rng = stream(seed, 'augment', step, n);
  const transform = drawTransform(augmentation, [plan.spacing[2], plan.spacing[1], plan.spacing[0]], patch, rng);
  const voxels = transform
    ? readTransformed(source, caseIndex, placePatch(transform, start, size), size)
    : source.read(caseIndex, { start, size });
  const axes = plan.patch.length === 3 ? ([0, 1, 2] as const) : ([1, 2] as const);
  for (let c = 0; c < source.channels; c++) {
    const { length } = voxels.label;
    varyIntensity(voxels.image.subarray(c * length, (c + 1) * length), size, augmentation, rng, axes);
  }
  return voxels;
}

function readTransformed(
  source: CaseSource,
  caseIndex: number,
  placement: ReturnType<typeof placePatch>,
  patch: Vector3,
): BoxVoxels {
  const box = sourceBox(placement, patch, source.shape(caseIndex));
  return resamplePatch(placement, patch, box, source.read(caseIndex, box));
}

function chooseCase({ seed, cases }: BatchRecipe, position: number): number {
  invariant(cases.length > 0, 'a training has cases');
  const order = shuffle(cases, stream(seed, 'cases', Math.floor(position / cases.length)));
  return order[position % cases.length]!;
}

/** [k, j, i], with a single slice in two dimensions. */
function patchShape(patch: Plan['patch']): Vector3 {
  return patch.length === 3 ? patch : [1, patch[0], patch[1]];
}
