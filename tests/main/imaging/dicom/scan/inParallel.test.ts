import { describe, expect, it } from 'vitest';
import { inParallel } from '../../../../../main/imaging/dicom/scan/inParallel.ts';

describe('inParallel', () => {
  it('keeps results in order and never has more under way than the limit', async () => {
    let [now, most] = [0, 0];
    const results = await inParallel([5, 1, 4, 2, 3], 2, async (item) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, item));
      now--;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  it('fails with the first failure and begins nothing after it', async () => {
    const begun: number[] = [];
    const failing = inParallel([1, 2, 3, 4], 1, (item) => {
      begun.push(item);
      return item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(item);
    });
    await expect(failing).rejects.toThrow('two');
    expect(begun).toEqual([1, 2]);
  });
});
