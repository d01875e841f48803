import { Problem } from '../../../ml/check/problem.ts';
import type { SamplerName } from '../../../ml/inference/predictSamples.ts';
import type { Model } from '../models/folder.ts';

export const methods = ['direct', 'diffusion', 'ensemble'] as const;

export type Method = (typeof methods)[number];

export interface SegmentationSettings {
  readonly method: Method;
  readonly samples: number;
  /** Sampling steps of the chain. */
  readonly steps: number;
  readonly sampler: SamplerName;
  readonly seed: number;
}

export type AskedSettings = { readonly [K in keyof SegmentationSettings]?: SegmentationSettings[K] | undefined };

/**
 * What was asked for, and the model's own recommendation for the rest.
 *
 * @throws Problem 'model' where the model lacks a network that the method needs, 'usage' where a setting has no meaning for the method.
 */
export function resolveSettings({ description, folder }: Model, asked: AskedSettings): SegmentationSettings {
  const { recommended, networks } = description;
  const method = asked.method ?? recommended.method;
  const needed = { direct: ['direct'], diffusion: ['diffusion'], ensemble: ['direct', 'diffusion'] } as const;
  const lacking = needed[method].find((kind) => networks[kind] === undefined);
  if (lacking)
    throw new Problem(
      'model',
      `${method} needs a ${lacking} network, which the model does not have`,
      folder,
      `It has: ${Object.keys(networks).join(', ')}. Choose --method so.`,
    );
  if (method === 'direct') {
    const idle = (['samples', 'steps', 'sampler'] as const).find((key) => asked[key] !== undefined);
    if (idle)
      throw new Problem(
        'usage',
        'the direct method draws no samples',
        `--${idle}`,
        'Leave it out, or choose --method diffusion or ensemble.',
      );
    return { method, samples: 1, steps: 1, sampler: 'ddim', seed: asked.seed ?? 0 };
  }
  return {
    method,
    samples: asked.samples ?? recommended.samples,
    steps: asked.steps ?? recommended.steps,
    sampler: asked.sampler ?? recommended.sampler,
    seed: asked.seed ?? 0,
  };
}
