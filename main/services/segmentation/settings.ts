import { Problem } from '../../../ml/check/problem.ts';
import type { FusionName } from '../../../ml/inference/fusion/fusions.ts';
import type { SamplerName } from '../../../ml/inference/predictSamples.ts';
import { membershipOf } from '../models/description.ts';
import { isSameRun } from '../models/storeCalibration.ts';
import type { Calibration, ModelDescription, NetworkKind } from '../models/description.ts';
import type { Model } from '../models/folder.ts';

export const methods = ['direct', 'diffusion', 'pd-ddpm', 'ensemble'] as const;

export type Method = (typeof methods)[number];

export interface SegmentationSettings {
  readonly method: Method;
  readonly samples: number;
  /** Density of the whole chain. */
  readonly steps: number;
  /** Fraction of the chain that is run; below 1 it starts from a pre-segmentation. */
  readonly start: number;
  readonly sampler: SamplerName;
  /** Every sample but the first sees the image turned, moved and scaled a little (test-time augmentation). */
  readonly augment: boolean;
  /** How the samples become one mask. */
  readonly fusion: FusionName;
  /** Softens (above 1) or sharpens the mean probability; masks stay. */
  readonly temperature: number;
  readonly seed: number;
}

/** The networks that a method needs. */
export const networksOf: Readonly<Record<Method, readonly NetworkKind[]>> = {
  direct: ['direct'],
  diffusion: ['diffusion'],
  'pd-ddpm': ['direct', 'diffusion'],
  ensemble: ['direct', 'diffusion'],
};

/** Where a chain from a pre-segmentation starts, if neither the person nor the model says (methods.md section 3). */
const DEFAULT_START = 0.3;

/** Views of the image that a direct network answers, where nothing else is said. */
const AUGMENTED_SAMPLES = 8;

export type AskedSettings = { readonly [K in keyof SegmentationSettings]?: SegmentationSettings[K] | undefined };

/**
 * What was asked for, and the model's own recommendation for the rest.
 *
 * @param prior Whether a pre-segmentation is given in place of that of the model's own segmentor.
 * @throws Problem 'model' where the model lacks a network that the method needs, 'usage' where a setting has no meaning for the method.
 */
export function resolveSettings(
  { description, folder }: Model,
  asked: AskedSettings,
  prior: 'own' | 'given' = 'own',
): SegmentationSettings {
  const { networks, recommended } = description;
  const method = asked.method ?? (prior === 'given' ? 'pd-ddpm' : recommended.method);
  const needed = prior === 'given' ? (['diffusion'] as const) : networksOf[method];
  const lacking = needed.find((kind) => networks[kind] === undefined);
  if (lacking)
    throw new Problem(
      'model',
      `${method} needs a ${lacking} network, which the model does not have`,
      folder,
      `It has: ${Object.keys(networks).join(', ')}. Choose --method so.`,
    );
  refuseIdle(method, asked, prior);
  if (asked.temperature !== undefined && asked.temperature !== 1) requireExclusive(description, '--temperature');
  const { augment = false, fusion = 'mean', seed = 0 } = asked;
  const run = { method, augment, ...runOf(method, augment, description, asked) };
  const stored = prior === 'given' ? undefined : calibrationOf(description, run);
  return { ...run, fusion, seed, temperature: asked.temperature ?? stored?.temperature ?? 1 };
}

type Run = Pick<SegmentationSettings, 'method' | 'augment' | 'samples' | 'steps' | 'start' | 'sampler'>;

function runOf(
  method: Method,
  augment: boolean,
  { recommended }: ModelDescription,
  asked: AskedSettings,
): Omit<Run, 'method' | 'augment'> {
  if (method === 'direct')
    return { samples: augment ? (asked.samples ?? AUGMENTED_SAMPLES) : 1, steps: 1, start: 1, sampler: 'ddim' };
  const ownStart = recommended.method === method ? recommended.start : DEFAULT_START;
  return {
    samples: asked.samples ?? recommended.samples,
    steps: asked.steps ?? recommended.steps,
    start: method === 'pd-ddpm' ? (asked.start ?? ownStart) : 1,
    sampler: asked.sampler ?? recommended.sampler,
  };
}

/** What was fitted for a model that is run in just this way. */
const calibrationOf = ({ calibration = [] }: ModelDescription, run: Run): Calibration | undefined =>
  run.augment ? undefined : calibration.find((one) => isSameRun(one, run));

/** @throws Problem 'usage' where classes overlap: their probabilities have no sum that a temperature could keep. */
export function requireExclusive(description: ModelDescription, option: string): void {
  if (membershipOf(description) === 'exclusive') return;
  throw new Problem('usage', 'a temperature is for classes of which a voxel has one', option, 'Leave it out.');
}

/** What is asked for must mean something to the method. */
function refuseIdle(method: Method, asked: AskedSettings, prior: 'own' | 'given'): void {
  if (prior === 'given' && method !== 'pd-ddpm')
    throw new Problem('usage', `the ${method} method takes no pre-segmentation`, '--prior', 'Use --method pd-ddpm.');
  if (method === 'direct') {
    const chain = ['steps', 'sampler', 'start'] as const;
    const keys = asked.augment ? chain : (['samples', ...chain] as const);
    const idle = keys.find((key) => asked[key] !== undefined);
    if (idle === undefined) return;
    const remedy = 'Leave it out, or choose another --method.';
    throw new Problem('usage', 'the direct method draws no samples', `--${idle}`, remedy);
  }
  if (method !== 'pd-ddpm' && asked.start !== undefined)
    throw new Problem(
      'usage',
      `the ${method} method starts from noise`,
      '--start',
      'Leave it out, or choose --method pd-ddpm.',
    );
}
