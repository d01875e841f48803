import type { SideLetters } from '../slices/letters.ts';
import { roundLength } from '../slices/scaleBar.ts';
import { texts } from '../texts/english.ts';

interface Marks {
  readonly letters: SideLetters | undefined;
  /** Canvas pixels per millimetre; `undefined` where voxels have no size. */
  readonly scale: number | undefined;
}

/** Canvas pixels; as large as on the screen at any density of pixels. */
const sizes = (ratio: number) => ({ font: 15 * ratio, edge: 8 * ratio, line: 2 * ratio });

/** What a pane shows, with its sides and its scale written on it: a slice without them can be taken for its mirror image. @returns PNG, a data URL. */
export function takeSnapshot(context: CanvasRenderingContext2D, { letters, scale }: Marks): string {
  context.resetTransform();
  const { font } = sizes(window.devicePixelRatio);
  context.font = `600 ${font}px sans-serif`;
  context.fillStyle = context.strokeStyle = '#e8c170';
  if (letters) drawLetters(context, letters);
  if (scale !== undefined) drawScale(context, scale);
  return context.canvas.toDataURL('image/png');
}

function drawLetters(context: CanvasRenderingContext2D, letters: SideLetters): void {
  const { width, height } = context.canvas;
  const { edge } = sizes(window.devicePixelRatio);
  const write = (text: string, x: number, y: number, align: CanvasTextAlign, baseline: CanvasTextBaseline): void => {
    context.textAlign = align;
    context.textBaseline = baseline;
    context.fillText(text, x, y);
  };
  write(letters.left, edge, height / 2, 'left', 'middle');
  write(letters.right, width - edge, height / 2, 'right', 'middle');
  write(letters.top, width / 2, edge, 'center', 'top');
  write(letters.bottom, width / 2, height - edge, 'center', 'bottom');
}

function drawScale(context: CanvasRenderingContext2D, scale: number): void {
  const { width, height } = context.canvas;
  const { edge, line } = sizes(window.devicePixelRatio);
  const millimetres = roundLength(width / 5 / scale);
  const length = millimetres * scale;
  context.fillRect(width - edge - length, height - edge - line, length, line);
  context.textAlign = 'right';
  context.textBaseline = 'bottom';
  context.fillText(texts.viewer.millimetres(millimetres), width - edge, height - edge - 2 * line);
}
