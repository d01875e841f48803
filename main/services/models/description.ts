// model.json: everything there is to know about a model but its weights. It never names a file or a patient of the training.

import { z } from 'zod';
import { predictionNames } from '../../../ml/diffusion/prediction.ts';
import { planSchema as trainingPlan } from '../../../ml/data/plan/planSchema.ts';
import { foreignSchema } from '../../../ml/inference/foreignConfig.ts';
import { samplerNames } from '../../../ml/inference/predictSamples.ts';
import type { Membership } from '../../../ml/nn/classProbability.ts';
import { sizeMultiple, unetSchema } from '../../../ml/nn/unetConfig.ts';
import { strategies, strategyNames } from '../../../ml/training/strategies/strategies.ts';

const text = z.string().trim().min(1).max(2000);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256 in lower-case hexadecimal');
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/, 'not a plain file name');
const weightsName = fileName.endsWith('.safetensors');
const foreignName = fileName.endsWith('.onnx');
const whole = z.int().min(0);
const positive = z.number().positive();
const method = z.enum(['direct', 'diffusion', 'pd-ddpm', 'ensemble']);

const labelSchema = z.strictObject({
  /** The value in a mask. A class's index in the network is its place in the list. */
  value: whole.max(65_535),
  name: text,
  colour: z.string().regex(/^#[0-9a-f]{6}$/, 'not a colour like #e6550d'),
  /** A standard's word for the structure (DICOM PS3.3 8.8: scheme designator, value, meaning); null where none is known. */
  code: z.strictObject({ scheme: text, value: text, meaning: text }).nullable(),
});

/** What of the training's plan an image must go through to be segmented. */
const planSchema = z.strictObject(
  trainingPlan.pick({ spacing: true, unit: true, normalisation: true, patch: true, context: true }).shape,
);

/** A network of ours with its weights, or one from elsewhere, whose file is all of it. */
const directEntry = z.strictObject({
  file: weightsName.or(foreignName),
  network: z.discriminatedUnion('kind', [unetSchema, foreignSchema]),
});

const networkEntry = z.strictObject({ file: weightsName, network: unetSchema });

const diffusionEntry = networkEntry.extend({
  /** `T` of methods.md section 1. */
  timesteps: z.int().min(2).max(100_000),
  schedule: z.enum(['linear', 'quadratic', 'cosine']),
  prediction: z.enum(predictionNames),
  strategy: z.enum(strategyNames),
});

const scoreSchema = z.strictObject({
  method,
  /** Name of a label, or `mean` over all but the background. */
  structure: text,
  metric: text,
  mean: z.number(),
  deviation: z.number().min(0),
  /** 95 % confidence interval of the mean. */
  interval: z.tuple([z.number(), z.number()]),
  cases: whole,
});

const trainingSchema = z.strictObject({
  dataset: z.strictObject({ name: text, licence: text }),
  cases: z.int().min(1),
  salt: text,
  /** SHA-256 of salt and case, so that a test on a training case can be noticed and no case can be named. */
  caseHashes: z.array(sha256),
  runs: z.array(
    z.strictObject({ network: z.enum(['direct', 'diffusion']), seed: whole, steps: whole, seconds: z.number().min(0) }),
  ),
  machine: text,
  scores: z.array(scoreSchema),
});

const measurementSchema = z.strictObject({
  method,
  samples: z.int().min(1),
  steps: z.int().min(1),
  device: text,
  threads: z.int().min(1),
  /** Voxels of the image, i, j, k. */
  shape: z.tuple([whole, whole, whole]),
  seconds: z.number().min(0),
  peakMemoryMiB: z.number().min(0),
});

/** What `evaluate --calibrate` found on validation cases for one way of running the model. */
const calibrationSchema = z.strictObject({
  method,
  samples: whole,
  steps: whole,
  sampler: z.enum(samplerNames),
  start: positive.max(1),
  /** Of the mean probability; 1 changes nothing. */
  temperature: positive,
  cases: z.int().min(1),
  /** Expected calibration error on these cases, without the temperature and with it. */
  errorBefore: z.number().min(0),
  errorAfter: z.number().min(0),
});

/** model.json without the rules that span its fields. */
export const fields = z.strictObject({
  schema: z.literal(1),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'not a name of lower-case letters, digits and hyphens'),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'not a version like 1.0.0'),
  /** What it is for, one sentence. */
  task: text,
  licence: text,
  /** DICOM Modality (0008,0060), e.g. MR. */
  modality: z.string().regex(/^[A-Z]{2,16}$/, 'not a DICOM modality'),
  /** The sequences it needs, in the order the network sees them. */
  channels: z.array(z.strictObject({ name: text })).min(1),
  /** Background first. */
  labels: z.array(labelSchema).min(2),
  plan: planSchema,
  networks: z.strictObject({ direct: directEntry.optional(), diffusion: diffusionEntry.optional() }),
  recommended: z.strictObject({
    method,
    samples: z.int().min(1).max(1000),
    steps: z.int().min(1).max(100_000),
    sampler: z.enum(samplerNames),
    /** Fraction of the chain that is run; 1 starts from noise. */
    start: positive.max(1),
  }),
  training: trainingSchema,
  measured: z.array(measurementSchema),
  calibration: z.array(calibrationSchema).optional(),
  /** Every file of the folder but this one. */
  files: z.record(fileName, z.strictObject({ bytes: whole, sha256 })),
});

type Fields = z.infer<typeof fields>;

/** A rule that spans fields: whether it holds, what is wrong where it does not, and which field says so. */
type Rule = readonly [holds: boolean, message: string, path: readonly string[]];

const distinct = (values: readonly unknown[]) => new Set(values).size === values.length;

const membershipIn = (network: Network | undefined): Membership =>
  network?.kind === 'unet' ? network.membership : 'exclusive';

const multipleOf = (network: Network): number => (network.kind === 'unet' ? sizeMultiple(network) : 1);

/** Masks that the diffusion network sees: the noisy one and, in self-conditioning, its last prediction. */
const masksOf = ({ networks: { diffusion } }: Fields): number =>
  diffusion && strategies[diffusion.strategy].conditions ? 2 : 1;

function networkRules(model: Fields, kind: 'direct' | 'diffusion'): readonly Rule[] {
  const entry = model.networks[kind];
  if (!entry) return [];
  const { network } = entry;
  const path = ['networks', kind, 'network'];
  const masks = kind === 'diffusion' ? masksOf(model) * network.classes : 0;
  return [
    [
      network.imageChannels === model.channels.length * (1 + 2 * model.plan.context),
      'takes another number of channels than listed',
      path,
    ],
    [model.plan.context === 0 || network.dimensions === 2, 'sees slices beside one in three dimensions', path],
    [network.classes === model.labels.length, 'has another number of classes than labels', path],
    [network.dimensions === model.plan.patch.length, 'has other dimensions than the patch', path],
    [model.plan.patch.every((side) => side % multipleOf(network) === 0), `halves the patch to broken voxels`, path],
    [(network.kind === 'onnx') === entry.file.endsWith('.onnx'), 'is in a file of the other kind', path],
    [network.maskChannels === masks, `must take ${masks} mask channels`, path],
    [Object.hasOwn(model.files, entry.file), 'has no checksum', ['networks', kind, 'file']],
  ];
}

function rules(model: Fields): readonly Rule[] {
  const { direct, diffusion } = model.networks;
  const needed = {
    direct: [direct],
    diffusion: [diffusion],
    'pd-ddpm': [direct, diffusion],
    ensemble: [direct, diffusion],
  }[model.recommended.method];
  return [
    [model.labels[0]?.value === 0, 'the first label must be the background, value 0', ['labels']],
    [distinct(model.labels.map(({ value }) => value)), 'two labels have one value', ['labels']],
    [distinct(model.labels.map(({ name }) => name)), 'two labels have one name', ['labels']],
    [distinct(model.channels.map(({ name }) => name)), 'two channels have one name', ['channels']],
    [model.plan.normalisation.length === model.channels.length, 'must be one a channel', ['plan', 'normalisation']],
    [direct !== undefined || diffusion !== undefined, 'there is none', ['networks']],
    [
      !direct || !diffusion || membershipIn(direct.network) === membershipIn(diffusion.network),
      'take classes to be exclusive and independent',
      ['networks'],
    ],
    [direct?.file !== diffusion?.file, 'both have the same weights', ['networks']],
    [needed.every((network) => network !== undefined), 'needs a network that is not there', ['recommended', 'method']],
    [
      model.recommended.method === 'direct' || model.recommended.steps <= (diffusion?.timesteps ?? 0),
      'are more than the network has',
      ['recommended', 'steps'],
    ],
    [!Object.hasOwn(model.files, 'model.json'), 'cannot hold its own checksum', ['files']],
    ...networkRules(model, 'direct'),
    ...networkRules(model, 'diffusion'),
  ];
}

export const modelSchema = fields.superRefine((model, context) => {
  for (const [holds, message, path] of rules(model)) {
    if (!holds) context.addIssue({ code: 'custom', message, path: [...path] });
  }
});

export type ModelDescription = z.infer<typeof modelSchema>;
/** A network of any make. */
export type Network = NonNullable<Fields['networks']['direct']>['network'];
/** Whether a voxel is of one of the model's classes, or of any number of them. */
export const membershipOf = ({ networks: { direct, diffusion } }: Pick<Fields, 'networks'>): Membership =>
  membershipIn((diffusion ?? direct)?.network);

export type Calibration = z.infer<typeof calibrationSchema>;
export type NetworkKind = keyof ModelDescription['networks'];
