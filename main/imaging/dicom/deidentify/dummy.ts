import { evenText } from '../write/encode.ts';

/** Where the profile wants a value that says nothing. */
export const dummyWord = 'ANONYMIZED';

const dummies: Readonly<Record<string, string>> = {
  AS: '000Y',
  DA: '19000101',
  DS: '0',
  DT: '19000101000000',
  IS: '0',
  TM: '000000',
  UR: 'http://anonymized.invalid',
};
const words = new Set('AE CS LO LT PN SH ST UC UT'.split(' '));

/** A value that says nothing, valid for its VR; none for numbers, which the profile replaces only within sequences that it replaces. */
export function dummyOf(vr: string): Buffer {
  if (vr === 'OB' || vr === 'UN') return Buffer.alloc(2);
  return evenText(dummies[vr] ?? (words.has(vr) ? dummyWord : ''), vr);
}
