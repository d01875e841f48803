import { add, swish } from '../graph/elementwise.ts';
import { resizeNearest } from '../graph/images.ts';
import { invariant } from '../check/invariant.ts';
import { selfAttention } from './attention.ts';
import { convolution, groupNorm, linear } from './layers.ts';
import { within, type Scope } from './parameters.ts';
import { timeEmbedding } from './timeEmbedding.ts';
import type { UNetConfig } from './unetConfig.ts';
import type { Node } from '../graph/ops.ts';

/** What one application of the network shares between its blocks. */
interface Context {
  readonly config: UNetConfig;
  /** float32 [n, width], where the network is told the step. */
  readonly embedding: Node | undefined;
}

const alphas = { silu: 1, gelu: 1.702 } as const;

const activate = (x: Node, { activation }: UNetConfig): Node => swish(x, alphas[activation]);

const groupsOf = (channels: number, { norm }: UNetConfig): number => (norm === 'instance' ? channels : norm);

/**
 * U-Net with residual blocks and skips by addition (methods.md section 2).
 *
 * @param x    [n, imageChannels + maskChannels, ...spatial], each extent a multiple of `sizeMultiple`.
 * @param time float32 [n], (t + 1) / T; given exactly where the network takes a mask.
 * @returns    Logits [n, classes, ...spatial].
 */
export function unet(scope: Scope, config: UNetConfig, x: Node, time?: Node): Node {
  const inputs = config.imageChannels + config.maskChannels;
  invariant(config.maskChannels > 0 === (time !== undefined), 'the time is given where the network takes a mask');
  invariant(x.shape[1] === inputs, `takes ${inputs} channels, not ${x.shape[1]}`);
  const { channels } = config;
  const width = 4 * channels[0]!;
  const embedding = time && swish(timeEmbedding(within(scope, 'time'), time, width));
  const context: Context = { config, embedding };
  const bottom = channels.length - 1;
  const skips: Node[] = [];

  let h = convolution(within(scope, 'stem'), x, channels[0]!, { kernel: 3 });
  for (const [level, count] of channels.entries()) {
    h = residualBlocks(within(scope, `encoder.${level}`), h, count, context);
    if (level === bottom) break;
    skips.push(h);
    h = convolution(within(scope, `down.${level}`), h, count, { kernel: 3, stride: 2 });
  }
  if (config.attentionHeads > 0) {
    const groups = groupsOf(channels[bottom]!, config);
    h = selfAttention(within(scope, 'attention'), h, { heads: config.attentionHeads, groups });
  }
  for (let level = bottom - 1; level >= 0; level--) {
    const fine = resizeNearest(h, new Array<number>(config.dimensions).fill(2));
    const joined = add(convolution(within(scope, `up.${level}`), fine, channels[level]!, { kernel: 3 }), skips[level]!);
    h = residualBlocks(within(scope, `decoder.${level}`), joined, channels[level]!, context);
  }
  // Small logits at first: the network starts undecided instead of confidently wrong.
  return convolution(within(scope, 'head'), h, config.classes, { kernel: 1, gain: 0.1 });
}

function residualBlocks(scope: Scope, x: Node, outputs: number, context: Context): Node {
  let h = x;
  for (let block = 0; block < context.config.blocks; block++)
    h = residualBlock(within(scope, String(block)), h, outputs, context);
  return h;
}

/** He et al. 2016, with the step added to the normalised features of the first convolution. */
function residualBlock(scope: Scope, x: Node, outputs: number, { config, embedding }: Context): Node {
  const groups = groupsOf(outputs, config);
  const options = { kernel: 3, bias: groups === outputs ? 'none' : 'learned' } as const;
  const first = convolution(within(scope, 'conv1'), x, outputs, options);
  const shift = embedding && linear(within(scope, 'time'), embedding, outputs);
  const h = activate(groupNorm(within(scope, 'norm1'), first, { groups, ...(shift ? { shift } : {}) }), config);
  const second = groupNorm(within(scope, 'norm2'), convolution(within(scope, 'conv2'), h, outputs, options), {
    groups,
  });
  const shortcut = x.shape[1] === outputs ? x : convolution(within(scope, 'shortcut'), x, outputs, { kernel: 1 });
  return activate(add(second, shortcut), config);
}
