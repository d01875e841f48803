import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, type Feeds } from '../../../ml/engines/reference/evaluate.ts';
import { argMax, concat, mean, oneHot, reduceTo, resizeLinear, sliceAxis } from '../../../ml/graph/arrays.ts';
import { makeGraph } from '../../../ml/graph/graph.ts';
import { input } from '../../../ml/graph/sources.ts';
import type { Node } from '../../../ml/graph/ops.ts';

const valuesOf = (node: Node, feeds: Feeds): readonly number[] => [...evaluate(makeGraph({ node }), feeds)['node']!];

describe('resizeLinear', () => {
  const extent = fc.integer({ min: 1, max: 7 });

  it('keeps a constant image constant, whatever the sizes', () => {
    fc.assert(
      fc.property(extent, extent, extent, extent, (height, width, newHeight, newWidth) => {
        const image = input('image', [1, 2, height, width]);
        const resized = resizeLinear(image, [newHeight, newWidth]);
        expect(resized.shape).toEqual([1, 2, newHeight, newWidth]);
        for (const value of valuesOf(resized, { image: new Array<number>(2 * height * width).fill(3) }))
          expect(value).toBeCloseTo(3, 12);
      }),
    );
  });

  // A voxel spans [i - 0.5, i + 0.5]: sample j of the result lies at (j + 0.5) * from / to - 0.5.
  it('puts samples of a ramp where half-pixel centres lie, and repeats the edges', () => {
    fc.assert(
      fc.property(extent, extent, (from, to) => {
        const image = input('image', [1, 1, from]);
        const found = valuesOf(resizeLinear(image, [to]), { image: Array.from({ length: from }, (_, i) => i) });
        for (const [j, value] of found.entries())
          expect(value).toBeCloseTo(Math.min(from - 1, Math.max(0, ((j + 0.5) * from) / to - 0.5)), 12);
      }),
    );
  });

  it('treats each axis apart', () => {
    const image = input('image', [1, 1, 2, 2]);
    expect(valuesOf(resizeLinear(image, [2, 4]), { image: [0, 4, 10, 14] })).toEqual([0, 1, 3, 4, 10, 11, 13, 14]);
    expect(resizeLinear(image, [2, 2])).toBe(image);
  });
});

describe('oneHot', () => {
  it('marks the class of each voxel, and none for a label outside', () => {
    const labels = input('labels', [1, 1, 4], 'int32');
    expect(valuesOf(oneHot(labels, 3), { labels: [2, 0, 1, 7] })).toEqual([0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0]);
  });

  it('is undone by argMax', () => {
    const labels = input('labels', [2, 1, 3], 'int32');
    const given = [2, 0, 1, 1, 1, 2];
    expect(valuesOf(argMax(oneHot(labels, 3), 1), { labels: given })).toEqual(given);
  });
});

describe('array building blocks', () => {
  const x = input('x', [2, 3]);
  const feeds = { x: [1, 2, 3, 4, 5, 6] };

  it('mean divides by the number of averaged values', () => {
    expect(valuesOf(mean(x, [0]), feeds)).toEqual([2.5, 3.5, 4.5]);
    expect(valuesOf(mean(x, [0, 1]), feeds)).toEqual([3.5]);
  });

  it('sliceAxis takes a range of one axis, and concat puts the parts together again', () => {
    const parts = [sliceAxis(x, 1, 0, 1), sliceAxis(x, 1, 1, 3)];
    expect(valuesOf(parts[1]!, feeds)).toEqual([2, 3, 5, 6]);
    expect(valuesOf(concat(parts, 1), feeds)).toEqual(feeds.x);
  });

  it('reduceTo sums over repeated axes only', () => {
    expect(valuesOf(reduceTo(x, [1, 3]), feeds)).toEqual([5, 7, 9]);
    expect(reduceTo(x, [2, 3])).toBe(x);
  });
});
