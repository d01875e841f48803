import { encode } from 'fast-png';
import { invariant } from '../../ml/check/invariant.ts';
import { sliceAxis } from '../../ml/uncertainty/sliceRanking.ts';
import type { Volume, VoxelArray } from '../../ml/volume/volume.ts';
import { Canvas } from './canvas.ts';
import { heatColour } from './colourMap.ts';
import { drawText, textHeight, textWidth } from './lettering.ts';
import {
  background,
  bright,
  caption,
  columns,
  dim,
  drawStructures,
  footer,
  gap,
  header,
  margin,
  tileSize,
} from './montageLayout.ts';
import type { ColouredStructure, Size } from './montageLayout.ts';
import { montageSlices } from './montageSlices.ts';
import { brightness, drawGrey, drawHeat, drawLetters, drawOutline, greyWindow } from './montageTile.ts';
import { cubic, type Kernel, linear, resizePlane } from './resizePlane.ts';
import { slicePlane, type View, viewAcross } from './slicePlane.ts';

export interface MontageInput {
  /** Its first channel is shown. */
  readonly image: Volume;
  /** Integer labels `[k, j, i]` on the image's grid. */
  readonly labels: VoxelArray;
  /** Float32Array [k, j, i], bits. */
  readonly entropy: Float32Array;
  /** The top of the entropy's scale, bits: `log2(classes)`. */
  readonly mostEntropy: number;
  readonly structures: readonly ColouredStructure[];
  readonly title: string;
}

/**
 * A picture of a segmentation, PNG: slices with the outline of each structure and, below, the same slices with the entropy as a heat map.
 * Slices run across the coarsest axis, patient right on the left, in true proportion; small images are enlarged.
 */
export function montage(input: MontageInput): Uint8Array {
  const { image, labels, entropy } = input;
  invariant(labels.length === entropy.length, 'labels and entropy are on one grid');
  const axis = sliceAxis(image.grid);
  const view = viewAcross(image.grid, axis);
  const slices = montageSlices(labels, entropy, image.grid, axis, columns);
  const tile = tileSize(image.grid, view);
  const width = Math.max(2 * margin + slices.length * (tile.width + gap) - gap, 800);
  const height = margin + header + 2 * (tile.height + caption) + footer + margin;
  const canvas = new Canvas(width, height, background);

  drawText(canvas, input.title, margin, margin, 2, bright);
  for (const [column, index] of slices.entries()) {
    const left = margin + column * (tile.width + gap);
    drawSlice(canvas, input, view, index, tile, { left, top: margin + header });
  }
  drawLegend(canvas, input, height - margin - footer);
  return encode({ width, height, data: canvas.data, channels: 3, depth: 8 });
}

/** One column: the slice with outlines, its caption, and the slice with its entropy below. */
function drawSlice(
  canvas: Canvas,
  { image, labels, entropy, mostEntropy, structures }: MontageInput,
  view: View,
  index: number,
  tile: Size,
  upper: { readonly left: number; readonly top: number },
): void {
  const resized = (data: VoxelArray, kernel: Kernel, pick: (value: number) => number) =>
    resizePlane(slicePlane(data, image.grid, view, index, pick), tile.width, tile.height, kernel);
  const lower = { left: upper.left, top: upper.top + tile.height + caption };

  const window = greyWindow(image);
  const grey = resized(image.data, cubic, (value) => brightness(value, window));
  drawGrey(canvas, grey, upper);
  drawGrey(canvas, grey, lower);
  drawHeat(
    canvas,
    resized(entropy, linear, (bits) => bits / mostEntropy),
    lower,
  );
  for (const { value, colour } of structures) {
    const mask = resized(labels, linear, (label) => (label === value ? 1 : 0));
    drawOutline(canvas, mask, upper, colour, 0.15);
  }
  drawLetters(canvas, view, grey, upper);
  drawLetters(canvas, view, grey, lower);
  if (view.name === 'picture') return;
  const text = `${view.name} ${(['i', 'j', 'k'] as const)[view.sliceAxis]} = ${index}`;
  drawText(canvas, text, upper.left, upper.top + tile.height + 9, 2, dim);
}

/** Structures on the left, the entropy's colour bar on the right. */
function drawLegend(canvas: Canvas, { structures, mostEntropy }: MontageInput, top: number): void {
  drawStructures(canvas, structures, top);
  const high = textHeight(2);
  const most = `${mostEntropy.toFixed(2)} bits`;
  const barWidth = 160;
  const bar = canvas.width - margin - textWidth(most, 2) - 8 - barWidth;
  for (let step = 0; step < barWidth; step++) canvas.fill(bar + step, top, 1, high, heatColour(step / (barWidth - 1)));
  drawText(canvas, most, bar + barWidth + 8, top, 2, bright);
  const label = 'entropy 0';
  drawText(canvas, label, bar - textWidth(label, 2) - 4, top, 2, bright);
}
