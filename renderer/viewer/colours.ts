import type { Colour } from '../slices/colour.ts';

/** @param hexadecimal Like #e6550d. */
export function parseColour(hexadecimal: string): Colour {
  const part = (start: number) => parseInt(hexadecimal.slice(start, start + 2), 16);
  return [part(1), part(3), part(5)];
}
