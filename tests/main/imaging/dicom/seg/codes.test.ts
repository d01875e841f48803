import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cielabOf, colourOf } from '../../../../../main/imaging/dicom/seg/colour.ts';
import { codesOf, structures } from '../../../../../main/imaging/dicom/seg/structures.ts';
import { runPython } from '../../../../support/python.ts';

describe('structures', () => {
  it('are in the dictionary of pydicom with the same meaning', async () => {
    const known = await runPython<Record<string, string[]>>(`
import json
from pydicom.sr._concepts_dict import concepts
known = {}
for codes in concepts['SCT'].values():
    for value, (meaning, *_) in codes.items(): known.setdefault(value, []).append(meaning)
print(json.dumps(known))
`, []); // prettier-ignore
    for (const [, value, meaning] of structures) expect(known[value], meaning).toContain(meaning);
    for (const name of ['liver', 'tumour', 'csf', 'grey matter', 'left lung', 'right lung', 'nothing known']) {
      const { category, side } = codesOf(name);
      for (const code of [category, ...(side === null ? [] : [side])])
        expect(known[code.value]).toContain(code.meaning);
    }
  });

  it.each([
    ['Liver', '10200004', null],
    ['anterior hippocampus', '5366008', null],
    ['posterior hippocampus', '5366008', null],
    ['RightParotid', '45289007', 'Right'],
    ['left kidney', '64033007', 'Left'],
    ['kidney_left', '64033007', 'Left'],
    ['Left Ventricle', '87878005', null],
    ['SpinalCord', '2748008', null],
  ])('knows %s', (name, value, side) => {
    const codes = codesOf(name);
    expect([codes.type.scheme, codes.type.value, codes.side?.meaning ?? null]).toEqual(['SCT', value, side]);
  });

  it('gives any other name a private code that is valid and its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        const [one, two] = [codesOf(a).type, codesOf(b).type];
        if (one.scheme === 'SCT' || two.scheme === 'SCT') return;
        expect(one.scheme).toMatch(/^99[A-Z]{1,14}$/);
        expect(one.value).toMatch(/^[A-Z0-9_]{1,16}$/);
        if (a.toLowerCase() !== b.toLowerCase()) expect(one.value).not.toBe(two.value);
      }),
    );
  });
});

describe('cielabOf', () => {
  it('agrees with highdicom, and comes back', async () => {
    const colours = fc
      .sample(fc.integer({ min: 0, max: 0xffffff }), { numRuns: 200, seed: 1 })
      .map((value) => `#${value.toString(16).padStart(6, '0')}`);
    const theirs = await runPython<number[][]>(
      'import json, sys, highdicom as hd\nprint(json.dumps([list(hd.color.CIELabColor.from_rgb(*bytes.fromhex(c[1:])).value) for c in sys.argv[1:]]))',
      colours,
    );
    for (const [n, colour] of colours.entries()) {
      for (const [at, value] of cielabOf(colour).entries()) expect(Math.abs(value - theirs[n]![at]!)).toBeLessThan(40);
      expect(colourOf(cielabOf(colour))).toBe(colour);
    }
  });
});
