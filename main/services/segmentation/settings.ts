import { Problem } from '../../../ml/check/problem.ts';
import type { SamplerName } from '../../../ml/inference/predictSamples.ts';
import type { NetworkKind } from '../models/description.ts';
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
  readonly seed: number;
}

/** The networks that a method needs. */
const networksOf: Readonly<Record<Method, readonly NetworkKind[]>> = {
  direct: ['direct'],
  diffusion: ['diffusion'],
  'pd-ddpm': ['direct', 'diffusion'],
  ensemble: ['direct', 'diffusion'],
};

/** Where a chain from a pre-segmentation starts, if neither the person nor the model says (methods.md section 3). */
const DEFAULT_START = 0.3;

export type AskedSettings = { readonly [K in keyof SegmentationSettings]?: SegmentationSettings[K] | undefined };

/**
 * What was asked for, and the model's own recommendation for the rest.
 *
 * @throws Problem 'model' where the model lacks a network that the method needs, 'usage' where a setting has no meaning for the method.
 */
export function resolveSettings({ description, folder }: Model, asked: AskedSettings): SegmentationSettings {
  const { recommended, networks } = description;
  const method = asked.method ?? recommended.method;
  const lacking = networksOf[method].find((kind) => networks[kind] === undefined);
  if (lacking)
    throw new Problem(
      'model',
      `${method} needs a ${lacking} network, which the model does not have`,
      folder,
      `It has: ${Object.keys(networks).join(', ')}. Choose --method so.`,
    );
  if (method === 'direct') {
    const idle = (['samples', 'steps', 'sampler', 'start'] as const).find((key) => asked[key] !== undefined);
    if (idle)
      throw new Problem(
        'usage',
        'the direct method draws no samples',
        `--${idle}`,
        'Leave it out, or choose another --method.',
      );
    return { method, samples: 1, steps: 1, start: 1, sampler: 'ddim', seed: asked.seed ?? 0 };
  }
  if (method !== 'pd-ddpm' && asked.start !== undefined)
    throw new Problem(
      'usage',
      `the ${method} method starts from noise`,
      '--start',
      'Leave it out, or choose --method pd-ddpm.',
    );
  return {
    method,
    samples: asked.samples ?? recommended.samples,
    steps: asked.steps ?? recommended.steps,
    start:
      method === 'pd-ddpm' ? (asked.start ?? (recommended.method === method ? recommended.start : DEFAULT_START)) : 1,
    sampler: asked.sampler ?? recommended.sampler,
    seed: asked.seed ?? 0,
  };
}
