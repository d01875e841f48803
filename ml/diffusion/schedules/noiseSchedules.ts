import { cosine } from './cosine.ts';
import { linear } from './linear.ts';
import type { NoiseSchedule, ScheduleName } from './noiseSchedule.ts';
import { quadratic } from './quadratic.ts';

/** Each schedule by the name that settings and model files give it. */
export const noiseSchedules: Readonly<Record<ScheduleName, (numSteps: number) => NoiseSchedule>> = {
  linear,
  quadratic,
  cosine,
};
