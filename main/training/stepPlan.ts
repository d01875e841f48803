import { noiseSchedules } from '../../ml/diffusion/schedules/noiseSchedules.ts';
import { planNetwork } from '../../ml/data/plan/planNetwork.ts';
import { strategies } from '../../ml/training/strategies/strategies.ts';
import { defaultAdamW } from '../../ml/training/optimiser.ts';
import type { StepPlan } from '../../ml/training/stepInputs.ts';
import type { PredictionName } from '../../ml/diffusion/prediction.ts';
import type { UNetConfig } from '../../ml/nn/unetConfig.ts';
import { overlap, regionsOf } from '../datasets/dataset.ts';
import type { RunRecord } from './run.ts';

/** The network that a run trains. */
export function networkOfRun({ plan, method, strategy }: Pick<RunRecord, 'plan' | 'method' | 'strategy'>): UNetConfig {
  if (method === 'direct') return planNetwork(plan, 0);
  return planNetwork(plan, strategies[strategy].conditions ? 2 : 1);
}

/** What it answers. */
export const predictionOf = ({ method, settings }: Pick<RunRecord, 'method' | 'settings'>): PredictionName =>
  method === 'direct' ? 'xStart' : settings.prediction;

/** What every step of a run follows. */
export function stepPlan({ labels, plan, method, strategy, seed, settings, steps }: RunRecord): StepPlan {
  const { dice, focal, crossEntropy, noise, variational, prediction, weightDecay } = settings;
  return {
    config: {
      network: networkOfRun({ plan, method, strategy }),
      method: method === 'direct' ? 'direct' : { strategy, prediction },
      batchSize: settings.batchSize === 0 ? plan.batchSize : settings.batchSize,
      patch: plan.patch,
      loss: { dice, focal, crossEntropy, noise, variational },
      regions: overlap(labels) ? regionsOf(labels) : undefined,
      optimiser: { ...defaultAdamW, weightDecay },
      clip: settings.clip,
      layerDecay: settings.layerDecay,
      frozen: settings.freeze.split(',').filter((part) => part !== ''),
    },
    seed,
    learningRate: {
      peak: settings.learningRate,
      warmup: Math.min(settings.warmup, Math.floor(steps / 2)),
      total: steps,
      final: settings.finalLearningRate,
    },
    emaDecay: settings.emaDecay,
    schedule: noiseSchedules[settings.schedule](settings.timesteps),
    timeSampling: settings.timeSampling,
  };
}
