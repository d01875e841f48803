import { describe, expect, it } from 'vitest';
import { DirectReading } from '../../../../main/imaging/dicom/directReading.ts';

const ask = (reading: DirectReading, times: number): readonly boolean[] =>
  Array.from({ length: times }, () => reading.isNext());

describe('DirectReading', () => {
  it('reads here while that is quick, with pauses in which the process hears what else there is to do', () => {
    const reading = new DirectReading();
    const turns = ask(reading, 2 * (256 + 16)).map((isDirect) => {
      if (isDirect) reading.took(0.02);
      return isDirect;
    });
    const round = [...Array.from({ length: 256 }, () => true), ...Array.from({ length: 16 }, () => false)];
    expect(turns).toEqual([...round, ...round]);
  });

  it('leaves parts to threads for a while after a slow one, and then tries again', () => {
    const reading = new DirectReading();
    expect(reading.isNext()).toBe(true);
    reading.took(3);
    expect(ask(reading, 64)).not.toContain(true);
    expect(reading.isNext()).toBe(true);
  });
});
