import { encode } from 'fast-png';
import { sliceAxis } from '../../ml/uncertainty/sliceRanking.ts';
import type { Volume, VoxelArray } from '../../ml/volume/volume.ts';
import { Canvas, type Colour } from './canvas.ts';
import { drawText } from './lettering.ts';
import { background, caption, columns, dim, drawStructures, footer, gap, margin, tileSize } from './montageLayout.ts';
import type { ColouredStructure, Size } from './montageLayout.ts';
import { montageSlices } from './montageSlices.ts';
import { brightness, drawGrey, drawLetters, drawOutline, greyWindow, type Place } from './montageTile.ts';
import { cubic, type Kernel, linear, type Plane, resizePlane } from './resizePlane.ts';
import { slicePlane, type View, viewAcross } from './slicePlane.ts';

export interface ComparisonInput {
  /** Its first channel is shown. */
  readonly image: Volume;
  /** Integer labels `[k, j, i]` on the image's grid. */
  readonly prediction: VoxelArray;
  readonly reference: VoxelArray;
  readonly structures: readonly ColouredStructure[];
}

const referenceColour: Colour = [255, 255, 255];

/** Where prediction and reference differ, PNG: the slices that differ most, the prediction filled and in colour, the reference a white line. */
export function comparisonPicture(input: ComparisonInput): Uint8Array {
  const { image, prediction, reference, structures } = input;
  const axis = sliceAxis(image.grid);
  const view = viewAcross(image.grid, axis);
  const wrong = Float32Array.from(prediction, (label, v) => (label === reference[v] ? 0 : 1));
  const slices = montageSlices(reference, wrong, image.grid, axis, columns);
  const tile = tileSize(image.grid, view);
  const width = Math.max(2 * margin + slices.length * (tile.width + gap) - gap, 600);
  const canvas = new Canvas(width, 2 * margin + tile.height + caption + footer, background);
  for (const [column, index] of slices.entries())
    drawSlice(canvas, input, view, index, tile, { left: margin + column * (tile.width + gap), top: margin });
  const legend = [...structures, { name: 'reference', colour: referenceColour }];
  drawStructures(canvas, legend, canvas.height - margin - footer);
  return encode({ width, height: canvas.height, data: canvas.data, channels: 3, depth: 8 });
}

function drawSlice(
  canvas: Canvas,
  { image, prediction, reference, structures }: ComparisonInput,
  view: View,
  index: number,
  tile: Size,
  place: Place,
): void {
  const planeOf = (data: VoxelArray, pick: (value: number) => number) =>
    slicePlane(data, image.grid, view, index, pick);
  const resized = (plane: Plane, kernel: Kernel) => resizePlane(plane, tile.width, tile.height, kernel);
  const window = greyWindow(image);
  const grey = resized(
    planeOf(image.data, (value) => brightness(value, window)),
    cubic,
  );
  drawGrey(canvas, grey, place);
  const drawMask = (labels: VoxelArray, value: number, colour: Colour, fill: number): void => {
    const mask = planeOf(labels, (label) => (label === value ? 1 : 0));
    // Most of a hundred structures are not in a slice.
    if (mask.data.includes(1)) drawOutline(canvas, resized(mask, linear), place, colour, fill);
  };
  for (const { value, colour } of structures) {
    drawMask(prediction, value, colour, 0.25);
    drawMask(reference, value, referenceColour, 0);
  }
  drawLetters(canvas, view, grey, place);
  if (view.name === 'picture') return;
  const text = `${view.name} ${(['i', 'j', 'k'] as const)[view.sliceAxis]} = ${index}`;
  drawText(canvas, text, place.left, place.top + tile.height + 9, 2, dim);
}
