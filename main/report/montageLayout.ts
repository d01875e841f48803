import type { Grid } from '../../ml/volume/grid.ts';
import type { Canvas, Colour } from './canvas.ts';
import { drawText, textHeight, textWidth } from './lettering.ts';
import type { View } from './slicePlane.ts';

/** A label value as it is drawn. */
export interface ColouredStructure {
  readonly value: number;
  readonly name: string;
  readonly colour: Colour;
}

export const columns = 4;
const tileSide = 360;
export const margin = 20;
export const gap = 12;
export const header = 32;
export const caption = 32;
export const footer = 14;
export const background: Colour = [18, 20, 24];
export const bright: Colour = [235, 238, 242];
export const dim: Colour = [150, 156, 166];

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest size in true proportion that fits a square tile. */
export function tileSize(grid: Grid, { horizontal, vertical }: View): Size {
  const across = grid.shape[horizontal.axis] * grid.spacing[horizontal.axis];
  const down = grid.shape[vertical.axis] * grid.spacing[vertical.axis];
  const scale = tileSide / Math.max(across, down);
  return { width: Math.max(1, Math.round(across * scale)), height: Math.max(1, Math.round(down * scale)) };
}

/** Names of structures beside their colours, from the left. */
export function drawStructures(
  canvas: Canvas,
  structures: readonly Omit<ColouredStructure, 'value'>[],
  top: number,
): void {
  let x = margin;
  const high = textHeight(2);
  for (const { name, colour } of structures) {
    canvas.fill(x, top, high, high, colour);
    drawText(canvas, name, x + high + 8, top, 2, bright);
    x += high + 8 + textWidth(name, 2) + 18;
  }
}
