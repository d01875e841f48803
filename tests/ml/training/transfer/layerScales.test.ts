import { describe, expect, it } from 'vitest';
import { layerScales } from '../../../../ml/training/transfer/layerScales.ts';

const names = [
  'stem.weight',
  'encoder.0.0.conv1.weight',
  'encoder.0.0.norm1.bias',
  'decoder.0.0.conv1.weight',
  'head.bias',
];
const specs = names.map((name) => ({ name, shape: [1], initial: { constant: 0 } }));

describe('layerScales', () => {
  it('halves the learning rate from layer to layer, counted from the output', () => {
    expect([...layerScales(specs, 0.5, []).values()]).toEqual([0.125, 0.25, 0.25, 0.5, 1]);
  });

  it('freezes whole parts, not names that only begin alike', () => {
    expect([...layerScales(specs, 1, ['encoder', 'head']).values()]).toEqual([1, 0, 0, 1, 0]);
    expect(() => layerScales(specs, 1, ['enc'])).toThrow(/no part enc/);
  });

  it('refuses to freeze everything', () => {
    expect(() => layerScales(specs, 1, ['stem', 'encoder', 'decoder', 'head'])).toThrow(/nothing is left to learn/);
  });
});
