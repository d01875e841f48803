import { expect, it } from 'vitest';
import { roundLength } from '../../../renderer/slices/scaleBar.ts';

it('takes the longest of 1, 2 and 5 times a power of ten that fits', () => {
  expect([0.07, 0.1, 1.9, 2, 4.9, 5, 9.99, 10, 49, 50, 420].map(roundLength)).toEqual([
    0.05, 0.1, 1, 2, 2, 5, 5, 10, 20, 50, 200,
  ]);
});
