import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packMessage, unpackMessage } from '../../../main/contract/message.ts';

function joined(message: unknown): ArrayBuffer {
  const [head, bytes] = packMessage(message);
  const whole = new Uint8Array(head.length + bytes.byteLength);
  whole.set(head);
  whole.set(new Uint8Array(bytes), head.length);
  return whole.buffer;
}

describe('packMessage', () => {
  it('brings plain data back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (message) => {
        expect(unpackMessage(joined(message))).toEqual(JSON.parse(JSON.stringify(message)));
      }),
    );
  });

  it('brings bytes back as they were, beside the rest', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (bytes, name) => {
        const message = { name, bytes: bytes.slice().buffer };
        expect(unpackMessage(joined(message))).toEqual(message);
      }),
    );
  });

  it('puts no voxel into the text', () => {
    const [head] = packMessage({ name: 'x', bytes: new ArrayBuffer(1 << 20) });
    expect(head.length).toBeLessThan(100);
  });

  it('throws where a message is cut off', () => {
    const whole = joined({ name: 'a name', values: [1, 2, 3] });
    for (let length = 0; length < whole.byteLength; length++)
      expect(() => unpackMessage(whole.slice(0, length))).toThrow();
  });
});
