import type { NoiseSchedule } from '../diffusion/schedules/noiseSchedule.ts';
import { squaredErrorFactor } from './squaredError.ts';
import type { TrainingStepConfig } from './trainingStep.ts';

/** The most that a network loses which finds every class equally likely everywhere, or no noise. */
export function lossOfGuessing(
  { loss, method, network }: Pick<TrainingStepConfig, 'loss' | 'method' | 'network'>,
  schedule: NoiseSchedule,
): number {
  const choices = network.membership === 'exclusive' ? network.classes : 2;
  const log = Math.log(choices);
  const ofClasses = loss.dice + loss.focal * (1 - 1 / choices) ** 2 * log + loss.crossEntropy * log;
  if (method === 'direct') return ofClasses;
  // The squared error of an answer of 0 is that of masks, or of noise: 1.
  const factors = schedule.betas.map((_, t) => squaredErrorFactor(loss, method.prediction, schedule, t));
  return ofClasses + factors.reduce((most, factor) => Math.max(most, factor));
}
