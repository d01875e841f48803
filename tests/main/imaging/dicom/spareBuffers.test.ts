import { describe, expect, it } from 'vitest';
import { SpareBuffers } from '../../../../main/imaging/dicom/spareBuffers.ts';

describe('SpareBuffers', () => {
  it('gives a buffer again that is large enough', () => {
    const buffers = new SpareBuffers();
    const first = buffers.take(500_000);
    buffers.give(first);
    expect(buffers.take(400_000)).toBe(first);
  });

  it('gives no buffer twice, and none that is too small', () => {
    const buffers = new SpareBuffers();
    const small = buffers.take(10);
    buffers.give(small);
    const [one, other] = [buffers.take(100_000), buffers.take(100_000)];
    expect(new Set([small, one, other]).size).toBe(3);
    expect(Math.min(one.byteLength, other.byteLength)).toBeGreaterThanOrEqual(100_000);
  });
});
