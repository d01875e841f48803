import { Problem } from '../../check/problem.ts';
import { chooseBatch } from './choosePatch.ts';
import type { Plan } from './planSchema.ts';

/** What a trained model holds on to. */
export type KnownPlan = Pick<
  Plan,
  'channels' | 'spacing' | 'unit' | 'normalisation' | 'patch' | 'network' | 'context' | 'membership'
>;

/**
 * The plan of a training that goes on from a model: what its weights were made for stays, and the data decide the rest. A channel that the
 * model knows by name is normalised as there.
 *
 * @param plan From the data alone, its channels under the names that the model has for them.
 * @throws Problem 'data' where the model needs millimetres that the images do not have, 'memory' where its patch does not fit.
 */
export function followModel(plan: Plan, name: string, known: KnownPlan, allowedMiB: number): Plan {
  const { spacing, unit, patch, network, context, membership } = known;
  if (unit !== plan.unit) {
    const [theirs, ours] = [unit, plan.unit].map((word) => (word === 'mm' ? 'millimetres' : 'voxels'));
    const what = `the model ${name} works in ${theirs}, and the images are known in ${ours} only`;
    throw new Problem('data', what, '--init', 'Choose another model, or train anew.');
  }
  const inputs = plan.channels.length * (1 + 2 * context) + plan.classes;
  const sized = chooseBatch({ patch, inputs, classes: plan.classes, network }, allowedMiB);
  return {
    ...plan,
    dimensions: patch.length === 3 ? 3 : 2,
    spacing,
    patch,
    network,
    context,
    membership,
    normalisation: plan.channels.map((channel, n) => {
      const at = known.channels.indexOf(channel);
      return (at < 0 ? plan : known).normalisation[at < 0 ? n : at]!;
    }),
    ...sized,
    explanation: [
      `Training goes on from the model ${name}: its spacing (${spacing.join(' x ')}), patch (${patch.join(' x ')}), normalisation and network stay.`,
      `A batch has ${sized.batchSize} patches, and training is estimated to need ${sized.memoryMiB} MiB of the ${allowedMiB} MiB allowed.`,
    ],
  };
}
