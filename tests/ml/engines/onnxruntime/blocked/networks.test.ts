import { describe, expect, it } from 'vitest';
import { blockedLowering } from '../../../../../ml/engines/onnxruntime/blocked/blocked.ts';
import { optimise } from '../../../../../ml/graph/passes/optimise.ts';
import { initialise } from '../../../../../ml/nn/parameters.ts';
import { defaultLoss } from '../../../../../ml/training/loss.ts';
import { defaultAdamW } from '../../../../../ml/training/optimiser.ts';
import { trainingStep, type TrainingStepConfig } from '../../../../../ml/training/trainingStep.ts';
import { benchInference, benchTraining } from '../../../../speed/support/benchUnet.ts';
import { expectBothWaysAlike, valuesFor } from './bothWays.ts';

const product = (
  dimensions: 2 | 3,
  patch: readonly number[],
  channels: number[],
  diffusion: boolean,
): TrainingStepConfig => ({
  network: {
    kind: 'unet',
    dimensions,
    imageChannels: 1,
    maskChannels: diffusion ? 3 : 0,
    classes: 3,
    membership: 'exclusive',
    channels,
    blocks: 1,
    norm: 'instance',
    activation: 'gelu',
    attentionHeads: 2,
  },
  method: diffusion ? { strategy: 'recycling' } : 'direct',
  batchSize: 2,
  patch,
  loss: defaultLoss,
  optimiser: defaultAdamW,
  clip: 1,
  layerDecay: 1,
  frozen: [],
});

describe('the blocked lowering of whole networks', () => {
  it.each([
    [2, [2, 1, 16, 32]],
    [3, [1, 1, 16, 8, 8]],
    [3, [2, 1, 8, 16, 8]],
  ] as const)('takes the training step of the bench as the plain one does: %d-D, %j', async (dimensions, shape) => {
    const { graph, state, parameters } = benchTraining(dimensions, shape);
    await expectBothWaysAlike(graph, { state }, { ...valuesFor(graph), ...initialise(parameters, 1) });
  });

  it.each([
    [2, [16, 32], [16, 32, 64], false],
    [2, [16, 16], [8, 24, 40], true],
    [3, [8, 8, 16], [16, 32], true],
  ] as const)(
    'takes a training step of the product as the plain one does: %d-D, %j, channels %j, diffusion %s',
    async (dimensions, patch, channels, diffusion) => {
      const { graph, state, parameters } = trainingStep(product(dimensions, patch, [...channels], diffusion));
      await expectBothWaysAlike(graph, { state }, { ...valuesFor(graph), ...initialise(parameters, 1) });
    },
  );

  it.each([
    [2, [1, 1, 32, 24]],
    [3, [1, 1, 8, 16, 8]],
  ] as const)('infers with constant weights as the plain one does: %d-D, %j', async (dimensions, shape) => {
    const { graph, parameters } = benchInference(dimensions, shape);
    const constants = initialise(parameters, 1);
    await expectBothWaysAlike(graph, { constants }, { ...valuesFor(graph), ...constants });
  });

  // Each way out of blocks costs passes over memory: a network that leaves them oftener than it must is slow without being wrong.
  it.each([2, 3] as const)(
    'a training step leaves the blocks for the logits and at the attention only: %d-D',
    (dimensions) => {
      const patch = new Array<number>(dimensions).fill(16);
      const { graph, state } = trainingStep(product(dimensions, patch, [16, 32, 64], false));
      const { nodes } = blockedLowering(16)(optimise(graph), { state }).model;
      const standard = nodes.filter(({ domain }) => domain === '').map(({ op }) => op);
      expect(nodes.filter(({ op }) => op === 'ReorderOutput').length).toBeLessThanOrEqual(8);
      expect(standard).not.toContain('Conv');
      expect(standard).not.toContain('ConvTranspose');
      expect(standard).not.toContain('Resize');
    },
  );
});
