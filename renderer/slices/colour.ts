import { colourTables } from './colourTables.ts';

// A packed colour has the bytes of one RGBA pixel in an ImageData on a little-endian machine, which is every one that Electron runs on:
// red lowest, opacity highest.

/** Red, green, blue in 0..255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** @param opacity In [0, 1]. */
export function packColour([red, green, blue]: Colour, opacity: number): number {
  return ((Math.round(opacity * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** One packed colour over another. */
export function blend(below: number, above: number): number {
  const opacity = above >>> 24;
  if (opacity === 255 || below >>> 24 === 0) return above;
  if (below >>> 24 !== 255) return blendClear(below, above);
  // 0..255 to 0..256, so that dividing is a shift. Two channels at once: each has eight bits of room above it.
  const share = opacity + (opacity >>> 7);
  const rest = 256 - share;
  const redBlue = Math.imul(above & 0xff00ff, share) + Math.imul(below & 0xff00ff, rest) + 0x800080;
  const green = Math.imul((above >>> 8) & 0xff, share) + Math.imul((below >>> 8) & 0xff, rest) + 0x80;
  return (0xff000000 | ((redBlue >>> 8) & 0xff00ff) | (green & 0xff00)) >>> 0;
}

/** Over what lets through itself (Porter and Duff 1984, "over", not premultiplied). */
function blendClear(below: number, above: number): number {
  const share = (above >>> 24) / 255;
  const rest = ((below >>> 24) / 255) * (1 - share);
  const channel = (shift: number) => {
    const sum = ((above >>> shift) & 0xff) * share + ((below >>> shift) & 0xff) * rest;
    return Math.round(sum / (share + rest));
  };
  return packColour([channel(0), channel(8), channel(16)], share + rest);
}

export type ColourMap = 'grey' | 'inverted grey' | keyof typeof colourTables;

/** Packed colours from the lowest to the highest shown value. */
export type Ramp = Uint32Array & { readonly length: 256 };

/**
 * @param opacity In [0, 1], of each step's part of the whole in [0, 1]. Default full.
 */
export function colourRamp(map: ColourMap, opacity: (part: number) => number = () => 1): Ramp {
  return Uint32Array.from({ length: 256 }, (_, step) => packColour(mapColour(map, step), opacity(step / 255))) as Ramp;
}

/** How an overlay of uncertainty lets the picture through: what is nearly certain stays clear. @param most Opacity in [0, 1]. */
export const fadeIn = (most: number) => (part: number) => most * Math.min(1, part / 0.2);

function mapColour(map: ColourMap, step: number): Colour {
  if (map === 'grey') return [step, step, step];
  if (map === 'inverted grey') return [255 - step, 255 - step, 255 - step];
  const channel = (n: number) => parseInt(colourTables[map].slice(6 * step + 2 * n, 6 * step + 2 * n + 2), 16);
  return [channel(0), channel(1), channel(2)];
}

/** @param hexadecimal Like #e6550d. */
export function parseColour(hexadecimal: string): Colour {
  const part = (start: number) => parseInt(hexadecimal.slice(start, start + 2), 16);
  return [part(1), part(3), part(5)];
}
