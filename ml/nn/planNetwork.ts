import type { Plan } from '../data/plan/planSchema.ts';
import type { UNetConfig } from './unetConfig.ts';

/** The network of a plan. The direct one is the diffusion network without noisy mask and step (methods.md section 2, `none`). */
export function planNetwork(plan: Plan, method: 'direct' | 'diffusion'): UNetConfig {
  const { channels, blocks } = plan.network;
  return {
    kind: 'unet',
    dimensions: plan.dimensions,
    imageChannels: plan.channels.length,
    maskChannels: method === 'diffusion' ? plan.classes : 0,
    classes: plan.classes,
    channels,
    blocks,
    norm: 'instance',
    activation: 'gelu',
    attentionHeads: Math.max(1, Math.floor(channels.at(-1)! / 32)),
  };
}
