import { expect, it } from 'vitest';
import { BoundedCache } from '../../../main/datasets/boundedCache.ts';

it('lets go of what was unused longest, and never holds more than its budget', () => {
  const cache = new BoundedCache<string, number>(10);
  cache.set('a', 1, 4);
  cache.set('b', 2, 4);
  expect(cache.get('a')).toBe(1);
  cache.set('c', 3, 4);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  cache.set('all', 4, 10);
  expect([cache.get('a'), cache.get('c'), cache.get('all')]).toEqual([undefined, undefined, 4]);
});

it('does not keep what is larger than the budget', () => {
  const cache = new BoundedCache<string, number>(10);
  cache.set('a', 1, 4);
  cache.set('huge', 2, 11);
  expect([cache.get('a'), cache.get('huge')]).toEqual([1, undefined]);
});
