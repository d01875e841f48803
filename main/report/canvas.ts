import { invariant } from '../../ml/check/invariant.ts';

/** Red, green, blue in 0..255. */
export type Colour = readonly [number, number, number];

/** @param text Like `#e6550d`. */
export function colourOf(text: string): Colour {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
  invariant(red !== undefined && green !== undefined && blue !== undefined, `${text} is a colour`);
  return [red, green, blue];
}

/** An RGB picture, 8 bit, row-major from the top left. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  /** Uint8Array [height, width, 3]. */
  readonly data: Uint8Array;

  constructor(width: number, height: number, background: Colour) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(width * height * 3);
    this.fill(0, 0, width, height, background);
  }

  /** Lays a colour over one pixel; pixels outside the picture are left out. @param opacity In [0, 1]. */
  blend(x: number, y: number, colour: Colour, opacity: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = (y * this.width + x) * 3;
    for (let c = 0; c < 3; c++)
      this.data[at + c] = Math.round(this.data[at + c]! * (1 - opacity) + colour[c]! * opacity);
  }

  fill(left: number, top: number, width: number, height: number, colour: Colour): void {
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++) this.blend(x, y, colour, 1);
    }
  }
}
