import { z } from 'zod';
import { membershipNames } from './classProbability.ts';

const count = (largest: number) => z.int().min(1).max(largest);

/** How a U-Net is built; with the weights it is all that is needed to run it. The bounds keep a hostile file from asking for absurd memory. */
const fields = z.strictObject({
  kind: z.literal('unet'),
  dimensions: z.union([z.literal(2), z.literal(3)]),
  /** Sequences of the image. */
  imageChannels: count(64),
  /** Channels of the noisy mask, joined behind the image; 0 for a direct network. One that takes a mask is told the step too. */
  maskChannels: z.int().min(0).max(1024),
  /** Including the background. */
  classes: z.int().min(2).max(1024),
  membership: z.enum(membershipNames).default('exclusive'),
  /** Feature channels of each level, finest first; each level halves the size. */
  channels: z.array(count(4096)).min(1).max(10),
  /** Residual blocks a level, on the way down and on the way up. */
  blocks: count(16),
  /** Groups of every normalisation; `instance`: as many as channels. */
  norm: z.union([z.literal('instance'), count(4096)]),
  /** `gelu` in its sigmoid form (Hendrycks and Gimpel 2016, section 2). */
  activation: z.enum(['silu', 'gelu']),
  /** Heads of the self-attention at the bottom; 0: none. */
  attentionHeads: z.int().min(0).max(64),
});

export const unetSchema = fields
  .refine(({ channels, attentionHeads }) => attentionHeads === 0 || channels.at(-1)! % attentionHeads === 0, {
    path: ['attentionHeads'],
    message: 'does not divide the channels of the coarsest level',
  })
  .refine(({ channels, norm }) => norm === 'instance' || channels.every((level) => level % norm === 0), {
    path: ['norm'],
    message: 'does not divide the channels of every level',
  });

export type UNetConfig = z.infer<typeof unetSchema>;

/** Every spatial extent must be a multiple of this. */
export const sizeMultiple = ({ channels }: UNetConfig): number => 2 ** (channels.length - 1);
