import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../ml/engines/reference/evaluate.ts';
import { makeGraph } from '../../../ml/graph/graph.ts';
import { input } from '../../../ml/graph/sources.ts';
import { initialise, ParameterStore, scopeOf } from '../../../ml/nn/parameters.ts';
import { unet } from '../../../ml/nn/unet.ts';
import { sizeMultiple, unetSchema, type UNetConfig } from '../../../ml/nn/unetConfig.ts';
import { stream } from '../../../ml/random/stream.ts';
import { sizeOf } from '../../../ml/graph/shape.ts';
import { tinyNetwork } from '../training/tinyStep.ts';
import type { Shape } from '../../../ml/graph/ops.ts';

function build(config: UNetConfig, spatial: Shape, n = 1) {
  const store = new ParameterStore();
  const x = input('x', [n, config.imageChannels + config.maskChannels, ...spatial]);
  const time = config.maskChannels > 0 ? input('time', [n]) : undefined;
  return { store, logits: unet(scopeOf(store), config, x, time), x, time };
}

function run(config: UNetConfig, spatial: Shape, x: readonly number[], time?: readonly number[]): readonly number[] {
  const { store, logits } = build(config, spatial);
  const feeds = { x, ...initialise(store.specs, 0), ...(time ? { time } : {}) };
  return [...evaluate(makeGraph({ logits }), feeds)['logits']!];
}

const draw = (count: number, seed = 0): readonly number[] => {
  const rng = stream(seed, 'x');
  return Array.from({ length: count }, () => rng.normal());
};

describe('unet', () => {
  it.each([
    [2, [8, 12]],
    [3, [4, 6, 8]],
  ] as const)('gives the logits of every class on the grid of its input, in %i dimensions', (dimensions, spatial) => {
    for (const maskChannels of [0, 3]) {
      const config = tinyNetwork({ dimensions, maskChannels, imageChannels: 2 });
      expect(build(config, spatial, 2).logits.shape).toEqual([2, 3, ...spatial]);
    }
  });

  it('names its parameters as model files do', () => {
    const names = build(tinyNetwork({ maskChannels: 3 }), [8, 8]).store.specs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        'stem.weight',
        'time.first.weight',
        'time.second.bias',
        'encoder.0.0.conv1.weight',
        'encoder.0.0.time.weight',
        'encoder.1.0.shortcut.weight',
        'encoder.1.0.norm2.scale',
        'down.0.weight',
        'attention.norm.bias',
        'attention.query.weight',
        'attention.out.bias',
        'up.0.weight',
        'up.0.bias',
        'head.weight',
        'head.bias',
      ]),
    );
  });

  it('without mask and time is the same network less those', () => {
    const specs = (maskChannels: number) =>
      new Map(build(tinyNetwork({ maskChannels }), [8, 8]).store.specs.map(({ name, shape }) => [name, shape]));
    const [direct, diffusion] = [specs(0), specs(3)];
    expect([...diffusion.keys()].filter((name) => !direct.has(name)).every((name) => /(^|\.)time\./.test(name))).toBe(
      true,
    );
    for (const [name, shape] of direct) if (name !== 'stem.weight') expect(diffusion.get(name)).toEqual(shape);
  });

  it('applied twice with one store uses the same parameters', () => {
    const config = tinyNetwork();
    const { store, x } = build(config, [8, 8]);
    const before = [...store.nodes];
    unet(scopeOf(store), config, x);
    expect(store.nodes).toEqual(before);
    expect(store.nodes.every((node, i) => node === before[i])).toBe(true);
  });

  it('starts undecided: small logits', () => {
    const logits = run(tinyNetwork(), [8, 8], draw(64));
    const deviation = Math.sqrt(logits.reduce((sum, value) => sum + value ** 2, 0) / logits.length);
    expect(deviation).toBeGreaterThan(0.01);
    expect(deviation).toBeLessThan(0.5);
  });

  it('answers differently at each step and for each mask', () => {
    const config = tinyNetwork({ maskChannels: 3 });
    const x = draw(4 * 64);
    const at = (time: number, image = x) => run(config, [8, 8], image, [time]);
    const distance = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((v, i) => Math.abs(v - b[i]!)));
    expect(distance(at(0.5), at(0.501))).toBeGreaterThan(1e-4);
    expect(distance(at(0.001), at(1))).toBeGreaterThan(1e-3);
    expect(distance(at(0.5), at(0.5, [...x.slice(0, 64), ...draw(192, 1)]))).toBeGreaterThan(1e-3);
  });

  it('treats each image of a batch on its own', () => {
    const config = tinyNetwork();
    const { store, logits } = build(config, [8, 8], 2);
    const parameters = initialise(store.specs, 0);
    const both = evaluate(makeGraph({ logits }), { ...parameters, x: draw(128) })['logits']!;
    const second = run(config, [8, 8], draw(128).slice(64));
    for (const [i, value] of second.entries()) expect(both[192 + i]).toBeCloseTo(value, 9);
  });

  it('refuses a wrong number of channels and a time it cannot use', () => {
    const store = new ParameterStore();
    expect(() => unet(scopeOf(store), tinyNetwork(), input('x', [1, 2, 8, 8]))).toThrow('takes 1 channels, not 2');
    expect(() => unet(scopeOf(store), tinyNetwork(), input('x', [1, 1, 8, 8]), input('t', [1]))).toThrow('time');
  });
});

describe('initialise', () => {
  it('draws a parameter from its own name, so that others do not move it', () => {
    const [small, large] = [0, 3].map((maskChannels) =>
      initialise(build(tinyNetwork({ maskChannels }), [8, 8]).store.specs, 4),
    );
    expect(large!['head.weight']).toEqual(small!['head.weight']);
    expect(small!['encoder.0.0.conv1.weight']).not.toEqual(small!['encoder.0.0.conv2.weight']);
    expect(initialise([{ name: 'a', shape: [3], initial: { deviation: 1 } }], 1)).not.toEqual(
      initialise([{ name: 'a', shape: [3], initial: { deviation: 1 } }], 2),
    );
  });

  it('keeps the size of a signal through a convolution before a rectifier (He et al. 2015)', () => {
    const { store } = build(tinyNetwork({ channels: [32, 64] }), [8, 8]);
    const weights = initialise(store.specs, 0);
    for (const { name, shape } of store.specs) {
      const values = weights[name]!;
      if (!name.endsWith('conv2.weight')) continue;
      const meanSquare = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
      expect((meanSquare * sizeOf(shape.slice(1))) / 2).toBeCloseTo(1, 0);
    }
  });
});

describe('unetSchema', () => {
  it('refuses heads and groups that do not divide the channels', () => {
    const fault = (changes: Partial<UNetConfig>) =>
      unetSchema.safeParse(tinyNetwork(changes)).error?.issues[0]?.path[0];
    expect(fault({ attentionHeads: 3 })).toBe('attentionHeads');
    expect(fault({ norm: 3 })).toBe('norm');
    expect(fault({ attentionHeads: 0 })).toBeUndefined();
    expect(fault({ attentionHeads: 2, norm: 4 })).toBeUndefined();
  });

  it('has sides that are a multiple of two to the number of halvings', () => {
    expect(sizeMultiple(tinyNetwork({ channels: [4, 8, 16] }))).toBe(4);
  });
});
