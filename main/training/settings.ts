import { z } from 'zod';
import { Problem } from '../../ml/check/problem.ts';
import { contextSchema } from '../../ml/data/plan/planSchema.ts';
import { predictionNames } from '../../ml/diffusion/prediction.ts';
import { noiseSchedules } from '../../ml/diffusion/schedules/noiseSchedules.ts';
import { membershipNames } from '../../ml/nn/classProbability.ts';
import { strategies, type StrategyName } from '../../ml/training/strategies/strategies.ts';

const positive = z.number().positive();
const fraction = z.number().min(0).max(1);

/** `5`, `1x1x5` or, in a record, a list. */
const sizes = z
  .union([
    z.number().transform((size) => [size]),
    z.string().transform((text) => text.split('x').map(Number)),
    z.array(z.number()),
  ])
  .pipe(z.array(positive).max(3))
  .default([]);

/** What `--set key=value` can change; the defaults are those of methods.md sections 1 and 2. */
export const settingsSchema = z.strictObject({
  learningRate: positive.default(8e-4),
  finalLearningRate: positive.default(5e-5),
  warmup: z.int().min(0).default(100),
  weightDecay: z.number().min(0).default(0.01),
  /** Largest norm of all gradients together. */
  clip: positive.default(1),
  /** The learning rate of a layer over that of the next, towards the output; below 1 the first layers change least. */
  layerDecay: positive.max(1).default(1),
  /** Parts of the network that stay as they are, e.g. `stem,encoder`. */
  freeze: z.string().default(''),
  emaDecay: fraction.default(0.999),
  dice: z.number().min(0).default(1),
  focal: z.number().min(0).default(20),
  crossEntropy: z.number().min(0).default(0),
  /** Of the squared error of the noise. */
  noise: z.number().min(0).default(0),
  /** Of the variational bound. */
  variational: z.number().min(0).default(0),
  /** What a diffusion network answers: the mask or the noise in it. */
  prediction: z.enum(predictionNames).default('xStart'),
  schedule: z.enum(['linear', 'quadratic', 'cosine']).default('linear'),
  /** T of the noise schedule. */
  timesteps: z.int().min(2).max(100_000).default(1000),
  timeSampling: z.enum(['importance', 'uniform']).default('importance'),
  /** Millimetres (voxels where no spacing is known) along i, j and k or along all, e.g. `4` or `1x1x5`; empty: what the plan says. */
  spacing: sizes,
  /** Most voxels of a patch along i, j and k, e.g. `256x256`; empty: what the plan says. */
  patch: sizes,
  /** `independent`: every structure has a mask of its own, so that they may overlap; left out: what the plan says. */
  classes: z.enum(membershipNames).optional(),
  /** Slices on either side that a two-dimensional network sees beside the one it segments; left out: what the plan says. */
  context: contextSchema.optional(),
  /** 0: what the plan says. */
  batchSize: z.int().min(0).default(0),
  /** How often, over the whole training, the validation cases are segmented. */
  validations: z.int().min(1).default(12),
  /** At most this many validation cases are segmented each time. */
  validationCases: z.int().min(1).default(12),
  /** Validations without a better one after which training stops. */
  patience: z.int().min(1).default(6),
  augmentation: z.enum(['on', 'off']).default('on'),
  /** Largest random shift, a fraction of the patch. Little where images are cropped around the structure. */
  shift: fraction.default(0.3),
  /** Array axes along which patches are mirrored half of the time, e.g. `i` where left and right structures have one label. */
  mirror: z
    .string()
    .regex(/^[kji]*$/u, 'axes are k, j and i')
    .default(''),
  /** Seconds between checkpoints: what a kill can cost. */
  checkpointSeconds: z.number().min(0).max(120).default(60),
});

export type Settings = z.infer<typeof settingsSchema>;

/** What differs where the noise is predicted: it has no classes to compare. */
const noiseDefaults: z.input<typeof settingsSchema> = { dice: 0, focal: 0, noise: 1 };

/** What differs where a training goes on from a model: steps small enough not to lose what it knows. */
export const fineTuningDefaults: z.input<typeof settingsSchema> = { learningRate: 2e-4, finalLearningRate: 1e-5 };

/**
 * Reads `key=value` pairs.
 *
 * @param defaults Go before the settings' own.
 * @throws Problem 'usage' naming the key, or the noise schedule that cannot be.
 */
export function parseSettings(pairs: readonly string[], defaults: z.input<typeof settingsSchema> = {}): Settings {
  const given = pairs.map((pair) => {
    const [key, value] = splitPair(pair);
    const number = Number(value);
    return [key, value.trim() === '' || Number.isNaN(number) ? value : number] as const;
  });
  const asked = Object.fromEntries(given);
  const own = asked['prediction'] === 'noise' ? noiseDefaults : {};
  const parsed = settingsSchema.safeParse({ ...own, ...defaults, ...asked });
  if (parsed.success) return check(parsed.data);
  const issue = parsed.error.issues[0];
  const where = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : String(issue?.path[0]);
  const known = Object.keys(settingsSchema.shape).join(', ');
  throw new Problem('usage', issue?.message ?? 'a setting is wrong', `--set ${where}`, `Settings are ${known}.`);
}

/** What no single setting can tell. */
function check(settings: Settings): Settings {
  noiseSchedules[settings.schedule](settings.timesteps);
  const { prediction, dice, focal, crossEntropy, noise, variational } = settings;
  const ofClasses = dice + focal + crossEntropy;
  if (prediction === 'noise' && ofClasses > 0)
    throw new Problem(
      'usage',
      'a network that predicts noise has no classes to compare',
      '--set dice focal crossEntropy',
      'Leave them out: noise and variational are its losses.',
    );
  if (ofClasses + noise + variational > 0) return settings;
  const where = '--set dice focal crossEntropy noise variational';
  throw new Problem('usage', 'there is no loss to train with', where, 'Give one of them a weight above 0.');
}

/**
 * What the method of a training and its settings must not be together.
 *
 * @throws Problem 'usage'.
 */
export function checkMethod(
  method: 'direct' | 'diffusion',
  strategy: StrategyName,
  { prediction, dice, focal, crossEntropy }: Settings,
): void {
  if (method === 'direct' && (prediction === 'noise' || dice + focal + crossEntropy === 0))
    throw new Problem(
      'usage',
      'a direct network sees no noise',
      '--set prediction noise variational',
      'Leave them out, or choose --method diffusion.',
    );
  if (method === 'diffusion' && prediction === 'noise' && strategies[strategy].firstPass === 'noisiest')
    throw new Problem(
      'usage',
      `${strategy} starts from what a network sees in pure noise, and one that predicts the noise sees no mask there`,
      '--strategy',
      'Choose standard, recyclingNext, selfConditioning or selfConditioningNext.',
    );
}

function splitPair(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
  throw new Problem('usage', 'a setting needs a value', `--set ${pair}`, 'Write --set KEY=VALUE.');
}
