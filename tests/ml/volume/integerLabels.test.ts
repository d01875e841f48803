import { describe, expect, it } from 'vitest';
import { integerLabels } from '../../../ml/volume/integerLabels.ts';
import type { VoxelArray } from '../../../ml/volume/volume.ts';

const volume = (data: VoxelArray) => ({
  grid: {
    shape: [data.length, 1, 1],
    spacing: [1, 1, 1],
    unit: 'mm',
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  } as const,
  channels: 1,
  data,
});

describe('integerLabels', () => {
  it('takes the smallest unsigned type that holds the labels', () => {
    expect(integerLabels(volume(Float32Array.of(0, 255)), 'a').data).toEqual(Uint8Array.of(0, 255));
    expect(integerLabels(volume(Float64Array.of(0, 256)), 'a').data).toEqual(Uint16Array.of(0, 256));
    expect(integerLabels(volume(Int32Array.of(65536)), 'a').data).toEqual(Uint32Array.of(65536));
  });

  it.each([0.5, -1, NaN, Infinity])('refuses %s, naming the file', (value) => {
    expect(() => integerLabels(volume(Float32Array.of(1, value)), 'labels.nii')).toThrow(/whole numbers.*labels\.nii/);
  });
});
