import { describe, expect, it } from 'vitest';
import { blur, lowerResolution } from '../../../../ml/data/augmentation/blur.ts';
import { applyGamma, varyIntensity } from '../../../../ml/data/augmentation/intensity.ts';
import type { Augmentation } from '../../../../ml/data/augmentation/settings.ts';
import { stream } from '../../../../ml/random/stream.ts';
import type { Vector3 } from '../../../../ml/volume/grid.ts';
import { noAugmentation } from './noAugmentation.ts';

const shape: Vector3 = [8, 9, 10];

function texture(): Float32Array {
  const rng = stream(3, 'texture');
  return Float32Array.from({ length: 720 }, () => rng.normal());
}

function moments(image: Float32Array): { mean: number; deviation: number } {
  const mean = image.reduce((sum, value) => sum + value, 0) / image.length;
  return { mean, deviation: Math.sqrt(image.reduce((sum, value) => sum + (value - mean) ** 2, 0) / image.length) };
}

function vary(change: Partial<Augmentation>): Float32Array {
  const image = texture();
  varyIntensity(image, shape, { ...noAugmentation, ...change }, stream(5, 'test'));
  return image;
}

describe('varyIntensity', () => {
  it('changes nothing where every probability is 0', () => {
    expect(vary({})).toEqual(texture());
  });

  it('adds noise of the variance asked for', () => {
    const noise = vary({ noise: { probability: 1, variance: [0.09, 0.09] } }).map((value, v) => value - texture()[v]!);
    expect(moments(noise).mean).toBeCloseTo(0, 1);
    expect(Math.abs(moments(noise).deviation - 0.3)).toBeLessThan(0.03);
  });

  it('scales by brightness about 0', () => {
    const image = vary({ brightness: { probability: 1, factor: [0.5, 0.5] } });
    expect(image).toEqual(texture().map((value) => 0.5 * value));
  });

  it('changes contrast about the mean, within the range', () => {
    const before = texture();
    const image = vary({ contrast: { probability: 1, factor: [1.2, 1.2] } });
    expect(Math.max(...image)).toBe(Math.max(...before));
    expect(Math.min(...image)).toBe(Math.min(...before));
    const { mean } = moments(before);
    const middle = before.findIndex((value) => Math.abs(value - mean) < 0.5);
    expect(image[middle]! - mean).toBeCloseTo(1.2 * (before[middle]! - mean), 5);
  });
});

describe('applyGamma', () => {
  it('keeps mean, deviation and order', () => {
    const image = texture();
    applyGamma(image, 1.5);
    expect(moments(image).mean).toBeCloseTo(moments(texture()).mean, 4);
    expect(moments(image).deviation).toBeCloseTo(moments(texture()).deviation, 4);
    const order = (values: Float32Array) => [...values.keys()].sort((a, b) => values[a]! - values[b]!);
    expect(order(image)).toEqual(order(texture()));
    expect(image).not.toEqual(texture());
  });

  it('leaves a constant patch alone', () => {
    const image = new Float32Array(8).fill(2);
    applyGamma(image, 0.7);
    expect(image).toEqual(new Float32Array(8).fill(2));
  });
});

describe('blur', () => {
  it('keeps a constant, and spreads a point with the variance asked for along each axis', () => {
    const constant = new Float32Array(720).fill(3);
    blur(constant, shape, 0.9);
    constant.forEach((value) => {
      expect(value).toBeCloseTo(3, 5);
    });
    const side = 15;
    const point = new Float32Array(side ** 3);
    point[(7 * side + 7) * side + 7] = 1;
    blur(point, [side, side, side], 1);
    const variance = point.reduce((sum, value, v) => sum + value * ((v % side) - 7) ** 2, 0);
    expect(point.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    expect(variance).toBeCloseTo(1, 1);
  });
});

describe('lowerResolution', () => {
  it('keeps a ramp away from its ends, and removes detail of one voxel', () => {
    const ramp = Float32Array.from({ length: 32 }, (_, v) => v);
    lowerResolution(ramp, [1, 1, 32], 0.5);
    for (let v = 2; v < 30; v++) expect(ramp[v]).toBeCloseTo(v, 4);
    const stripes = Float32Array.from({ length: 32 }, (_, v) => v % 2);
    lowerResolution(stripes, [1, 1, 32], 0.5);
    expect(moments(stripes.subarray(2, 30)).deviation).toBeLessThan(0.01);
  });

  it('does nothing at full resolution', () => {
    const image = texture();
    lowerResolution(image, shape, 1);
    expect(image).toEqual(texture());
  });
});
