import { quantile } from '../../ml/statistics/quantile.ts';
import type { Volume } from '../../ml/volume/volume.ts';
import type { Canvas, Colour } from './canvas.ts';
import { heatColour } from './colourMap.ts';
import { drawText, textHeight, textWidth } from './lettering.ts';
import type { Plane } from './resizePlane.ts';
import type { View } from './slicePlane.ts';

/** Where a tile's picture lies on the canvas; planes drawn into it have its size. */
export interface Place {
  readonly left: number;
  readonly top: number;
}

/** Intensities shown as black and as white. */
export interface GreyWindow {
  readonly low: number;
  readonly high: number;
}

/** The 1st and the 99.5th percentile of the first channel, from about 100 000 of its voxels. */
export function greyWindow({ grid, data }: Volume): GreyWindow {
  const voxels = grid.shape[0] * grid.shape[1] * grid.shape[2];
  const step = Math.max(1, Math.floor(voxels / 100_000));
  const values = Float64Array.from({ length: Math.ceil(voxels / step) }, (_, n) => data[n * step]!)
    .filter(Number.isFinite)
    .sort();
  if (values.length === 0) return { low: 0, high: 1 };
  return { low: quantile(values, 0.01), high: quantile(values, 0.995) };
}

/** A voxel's brightness in [0, 1]; what is not a number is black. */
export function brightness(value: number, { low, high }: GreyWindow): number {
  if (!Number.isFinite(value) || high <= low) return 0;
  return Math.min(Math.max((value - low) / (high - low), 0), 1);
}

/** @param grey Brightness; what overshoots [0, 1] is cut. */
export function drawGrey(canvas: Canvas, grey: Plane, place: Place): void {
  eachPixel(grey, (x, y, value) => {
    const level = Math.min(Math.max(value, 0), 1) * 255;
    canvas.blend(place.left + x, place.top + y, [level, level, level], 1);
  });
}

/** @param heat Entropy as a part of the most there can be, in [0, 1]; what is nearly certain stays clear. */
export function drawHeat(canvas: Canvas, heat: Plane, place: Place): void {
  eachPixel(heat, (x, y, value) => {
    canvas.blend(place.left + x, place.top + y, heatColour(value), 0.85 * Math.min(1, value / 0.2));
  });
}

/**
 * Outlines where a mask crosses one half, two pixels wide and smooth, over a faint fill.
 *
 * @param mask In [0, 1], resampled to the tile.
 */
export function drawOutline(canvas: Canvas, mask: Plane, place: Place, colour: Colour, fill: number): void {
  const { width, height, data } = mask;
  const at = (x: number, y: number) =>
    data[Math.min(Math.max(y, 0), height - 1) * width + Math.min(Math.max(x, 0), width - 1)]!;
  eachPixel(mask, (x, y, value) => {
    const slope = Math.hypot(at(x + 1, y) - at(x - 1, y), at(x, y + 1) - at(x, y - 1)) / 2;
    const distance = slope === 0 ? Infinity : Math.abs(value - 0.5) / slope;
    const line = Math.min(Math.max(1.5 - distance, 0), 1);
    canvas.blend(place.left + x, place.top + y, colour, Math.max(line, value > 0.5 ? fill : 0));
  });
}

/** Which side of the patient lies at which edge. */
export function drawLetters(canvas: Canvas, { letters }: View, { width, height }: Plane, { left, top }: Place): void {
  if (letters === undefined) return;
  const scale = 2;
  const [wide, high] = [textWidth('L', scale), textHeight(scale)];
  const middleX = left + Math.round((width - wide) / 2);
  const middleY = top + Math.round((height - high) / 2);
  const places = [
    [letters.left, left + 5, middleY],
    [letters.right, left + width - wide - 3, middleY],
    [letters.top, middleX, top + 5],
    [letters.bottom, middleX, top + height - high - 5],
  ] as const;
  for (const [letter, x, y] of places) {
    for (const [dx, dy] of [
      [-1, 0],
      [1, 0],
      [0, -1],
      [0, 1],
    ] as const)
      drawText(canvas, letter, x + dx, y + dy, scale, [0, 0, 0]);
    drawText(canvas, letter, x, y, scale, [255, 255, 255]);
  }
}

function eachPixel({ width, height, data }: Plane, draw: (x: number, y: number, value: number) => void): void {
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) draw(x, y, data[y * width + x]!);
}
