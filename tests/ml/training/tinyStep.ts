import { defaultAdamW } from '../../../ml/training/optimiser.ts';
import { defaultLoss } from '../../../ml/training/loss.ts';
import { strategies } from '../../../ml/training/strategies/strategies.ts';
import type { TrainingStepConfig } from '../../../ml/training/trainingStep.ts';
import type { UNetConfig } from '../../../ml/nn/unetConfig.ts';

export const tinyNetwork = (changes: Partial<UNetConfig> = {}): UNetConfig => ({
  kind: 'unet',
  dimensions: 2,
  imageChannels: 1,
  maskChannels: 0,
  classes: 3,
  membership: 'exclusive',
  channels: [4, 8],
  blocks: 1,
  norm: 'instance',
  activation: 'gelu',
  attentionHeads: 1,
  ...changes,
});

/** A training step small enough for the reference engine. */
export const tinyStep = (method: TrainingStepConfig['method']): TrainingStepConfig => ({
  network: tinyNetwork({ maskChannels: method === 'direct' ? 0 : strategies[method.strategy].conditions ? 6 : 3 }),
  method,
  batchSize: 2,
  patch: [8, 8],
  loss: defaultLoss,
  optimiser: defaultAdamW,
  clip: 1,
  layerDecay: 1,
  frozen: [],
});
