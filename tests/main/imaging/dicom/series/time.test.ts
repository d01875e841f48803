import { describe, expect, it } from 'vitest';
import { secondsOf, secondsOfDateTime, secondsOfDay } from '../../../../../main/imaging/dicom/series/time.ts';

describe('times', () => {
  it('are read from all forms that DICOM and its forerunner have, and from nothing else', () => {
    expect(secondsOfDay('010203.5')).toBe(3723.5);
    expect(secondsOfDay('01:02:03')).toBe(3723);
    expect(secondsOfDay('01')).toBe(3600);
    expect(secondsOfDay('')).toBeUndefined();
    expect(secondsOfDay('noon')).toBeUndefined();
    expect(secondsOf('19700102', '000001')).toBe(86_401);
    expect(secondsOf('1970.01.02', '000001')).toBe(86_401);
    expect(secondsOf(undefined, '000001')).toBeUndefined();
    expect(secondsOfDateTime('19700102000001.25+0100')).toBe(86_401.25);
    expect(secondsOfDateTime('19700102')).toBeUndefined();
  });
});
