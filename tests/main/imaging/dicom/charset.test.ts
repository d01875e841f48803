import { describe, expect, it } from 'vitest';
import { textDecoder } from '../../../../main/imaging/dicom/charset.ts';

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('textDecoder', () => {
  it.each([
    // PS3.5 annex H.3.1 and H.3.2, annex I.2, annex J.1 and J.2.
    [
      'Japanese with kanji and hiragana',
      ['', 'ISO 2022 IR 87'],
      '59616d6164615e5461726f753d1b2442 3b33 4544 1b2842 5e1b2442 4240 4f3a 1b2842 3d 1b2442 2464 245e 2440 1b2842',
      'Yamada^Tarou=山田^太郎=やまだ',
    ],
    [
      'Japanese with katakana of one byte',
      ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
      'd4cfc0de5ec0dbb33d1b2442 3b33 4544 1b284a',
      'ﾔﾏﾀﾞ^ﾀﾛｳ=山田',
    ],
    [
      'Korean',
      ['', 'ISO 2022 IR 149'],
      '486f6e675e47696c646f6e673d1b242943 fbf3 5e 1b242943 d1ceD4d7 3d 1b242943 c8ab 5e 1b242943 b1e6b5bf',
      'Hong^Gildong=洪^吉洞=홍^길동',
    ],
    ['Chinese in UTF-8', ['ISO_IR 192'], '57616e673de78e8b5ee5b08fe69db1', 'Wang=王^小東'],
    ['Chinese in GB18030', ['GB18030'], '57616e673dcdf55ed0a1b6ab', 'Wang=王^小东'],
    ['Chinese in GB 2312', ['', 'ISO 2022 IR 58'], '1b242941 cdf5 5e 1b242941 d0a1 b6ab', '王^小东'],
    ['French', ['ISO_IR 100'], '4275635e4ae972f46d65', 'Buc^Jérôme'],
    ['Russian', ['ISO_IR 144'], 'bbeee65edcd1d2', 'Люц^мбв'],
    ['Greek after an escape', ['ISO 2022 IR 100', 'ISO 2022 IR 126'], 'e95c1b2d46c4e9', 'é\\Δι'],
    [
      'a name whose second part is in the first character set again',
      ['ISO 2022 IR 100', 'ISO 2022 IR 126'],
      '1b2d46c4e95ee9',
      'Δι^é',
    ],
    ['UTF-8 that nobody stated', [], 'c3a9', 'é'],
    ['Latin-1 that nobody stated', [], 'e9', 'é'],
    ['an unknown character set', ['ISO_IR 9999'], '4a', 'J'],
  ])('decodes %s', (_, terms, hex, text) => {
    expect(textDecoder(terms)(bytesOf(hex))).toBe(text);
  });
});
