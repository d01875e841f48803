import type { Canvas, Colour } from './canvas.ts';

// Five by seven pixels a character: seven rows, each a base-32 digit whose five bits are the row's pixels, the highest on the left.
const alphabet = `A EHHVHHH B UHHUHHU C EHGGGHE D UHHHHHU E VGGUGGV F VGGUGGG G EHGNHHF H HHHVHHH I E44444E J 72222IC K HIKOKIH L GGGGGGV M HRLLHHH
   N HHPLJHH O EHHHHHE P UHHUGGG Q EHHHLID R UHHUKIH S FGGE11U T V444444 U HHHHHHE V HHHHHA4 W HHHLLLA X HHA4AHH Y HHHA444 Z V1248GV
   a 00E1FHF b GGMPHHU c 00EGGHE d 11DJHHF e 00EHVGE f 698S888 g 0FHHF1E h GGMPHHH i 40C444E j 20622IC k GGIKOKI l C44444E m 00QLLHH
   n 00MPHHH o 00EHHHE p 00UHUGG q 00DJF11 r 00MPGGG s 00EGE1U t 88S8896 u 00HHHJD v 00HHHA4 w 00HHLLA x 00HA4AH y 00HHF1E z 00V248V
   0 EHJLPHE 1 4C4444E 2 EH1248V 3 V2421HE 4 26AIV22 5 VGU11HE 6 68GUHHE 7 V124888 8 EHHEHHE 9 EHHF12C . 00000CC , 0000C48 - 000V000
   _ 000000V / 01248G0 % OP248J3 : 0CC0CC0 ( 2488842 ) 8422248 ? EH12404 = 00V0V00 + 044V440`;

const glyphs = new Map(Array.from(alphabet.matchAll(/(\S) (\w{7})/g), ([, character, rows]) => [character!, rows!]));

const advance = 6;

/** @returns The width of a line of text, pixels. */
export const textWidth = (text: string, scale: number): number => Array.from(text).length * advance * scale;

/** The height of a line of text, pixels. */
export const textHeight = (scale: number): number => 7 * scale;

/** Writes one line, its top left corner at (x, y); what the small alphabet lacks becomes a question mark. */
export function drawText(canvas: Canvas, text: string, x: number, y: number, scale: number, colour: Colour): void {
  for (const [index, character] of Array.from(text).entries()) {
    const glyph = character === ' ' ? '0000000' : (glyphs.get(character) ?? glyphs.get('?')!);
    for (const [row, digit] of Array.from(glyph).entries()) {
      const pixels = Number.parseInt(digit, 32);
      for (let column = 0; column < 5; column++) {
        if (((pixels >> (4 - column)) & 1) === 0) continue;
        canvas.fill(x + (index * advance + column) * scale, y + row * scale, scale, scale, colour);
      }
    }
  }
}
