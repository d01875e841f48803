import type { Plan } from './planSchema.ts';
import type { UNetConfig } from '../../nn/unetConfig.ts';

/**
 * The network of a plan. The direct one is the diffusion network without noisy mask and step (methods.md section 2, `none`).
 *
 * @param masks Of the classes each: 0 for the direct network, 1 for the noisy one, 2 with a prediction beside it.
 */
export function planNetwork(plan: Plan, masks: 0 | 1 | 2): UNetConfig {
  const { channels, blocks } = plan.network;
  return {
    kind: 'unet',
    dimensions: plan.dimensions,
    imageChannels: plan.channels.length * (1 + 2 * plan.context),
    maskChannels: masks * plan.classes,
    classes: plan.classes,
    membership: plan.membership,
    channels,
    blocks,
    norm: 'instance',
    activation: 'gelu',
    attentionHeads: Math.max(1, Math.floor(channels.at(-1)! / 32)),
  };
}
