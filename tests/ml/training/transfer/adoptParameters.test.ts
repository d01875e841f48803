import { describe, expect, it } from 'vitest';
import { adoptParameters, newIn, type Ends } from '../../../../ml/training/transfer/adoptParameters.ts';
import type { ParameterSpec } from '../../../../ml/nn/parameters.ts';

const initial = { constant: 0 };
const spec = (name: string, shape: readonly number[]): ParameterSpec => ({ name, shape, initial });
const parameter = (shape: readonly number[], ...data: readonly number[]) => ({ shape, data: Float32Array.from(data) });

const from: Ends = { inputs: ['T1', 'FLAIR'], classes: ['background', 'liver', 'spleen'] };
const trained = new Map([
  // [outputs 2, inputs 2, taps 1]
  ['stem.weight', parameter([2, 2, 1], 11, 12, 21, 22)],
  ['encoder.0.weight', parameter([2], 5, 6)],
  ['head.bias', parameter([3], 1, 2, 3)],
]);

describe('adoptParameters', () => {
  it('matches inputs and classes by name, wherever they stand, and leaves the new ones as they were drawn', () => {
    const to: Ends = { inputs: ['T2', 'FLAIR', 'T1'], classes: ['background', 'spleen', 'tumour'] };
    const specs = [spec('stem.weight', [2, 3, 1]), spec('encoder.0.weight', [2]), spec('head.bias', [3])];
    const fresh = {
      'stem.weight': Float32Array.of(-1, -2, -3, -4, -5, -6),
      'encoder.0.weight': Float32Array.of(-7, -8),
      'head.bias': Float32Array.of(-9, -10, -11),
    };
    expect(adoptParameters(specs, fresh, trained, { from, to })).toEqual({
      'stem.weight': Float32Array.of(-1, 12, 11, -4, 22, 21),
      'encoder.0.weight': Float32Array.of(5, 6),
      'head.bias': Float32Array.of(1, 3, -11),
    });
    expect(newIn({ from, to })).toEqual(['T2', 'tumour']);
  });

  it('gives a network of the same ends back as it was', () => {
    const specs = [...trained].map(([name, { shape }]) => spec(name, shape));
    const fresh = Object.fromEntries(specs.map(({ name }) => [name, new Float32Array(6)]));
    const adopted = adoptParameters(specs, fresh, trained, { from, to: from });
    for (const [name, { data }] of trained) expect(adopted[name]!.subarray(0, data.length)).toEqual(data);
  });

  it.each([
    ['has another shape', spec('encoder.0.weight', [3]), /encoder\.0\.weight has the shape 2 instead of 3/],
    ['is missing', spec('encoder.1.weight', [2]), /encoder\.1\.weight is missing/],
    ['is built for other features', spec('stem.weight', [4, 2, 1]), /stem\.weight has the shape 2 x 2 x 1/],
  ])('refuses a network of which a parameter %s, naming it', (_, wanted, message) => {
    const fresh = { [wanted.name]: new Float32Array(8) };
    expect(() => adoptParameters([wanted], fresh, trained, { from, to: from })).toThrow(message);
  });
});
