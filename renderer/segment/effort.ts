import type { ModelSummary } from '../../main/contract/models.ts';

/** How a segmentation is run. `samples`, `steps` and `start` say nothing where the method has no chain. */
export interface RunSettings {
  readonly method: ModelSummary['methods'][number];
  readonly samples: number;
  readonly steps: number;
  readonly start: number;
}

/** From quick to thorough. */
export const efforts = ['quick', 'balanced', 'thorough'] as const;
export type Effort = (typeof efforts)[number];

/** Below 20 samples the range of a volume is that of the extremes; from there on it is a quantile. */
const thoroughSamples = 20;

/** One pass where the model can; what the model recommends; as many samples as its ranges get better by. */
export function settingsOf({ methods, recommended }: ModelSummary, effort: Effort): RunSettings {
  const { method, samples, steps, start } = recommended;
  if (effort === 'quick') return { method: methods.includes('direct') ? 'direct' : method, samples: 1, steps, start };
  const isMore = effort === 'thorough' && hasChain(method);
  return { method, samples: isMore ? Math.max(thoroughSamples, samples) : samples, steps, start };
}

/** Whether a method draws from a chain, and so has samples and steps. */
export const hasChain = (method: RunSettings['method']): boolean => method !== 'direct';

/** Whether a method begins within the chain, at a pre-segmentation, and not from noise. */
export const hasStart = (method: RunSettings['method']): boolean => method === 'pd-ddpm';

/** What is asked of the host: only what says something to the method, for the host refuses the rest. */
export function askedOf({
  method,
  samples,
  steps,
  start,
}: RunSettings): Pick<RunSettings, 'method'> & Partial<RunSettings> {
  return { method, ...(hasChain(method) ? { samples, steps } : {}), ...(hasStart(method) ? { start } : {}) };
}
