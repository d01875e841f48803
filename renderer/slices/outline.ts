import type { LabelArray } from '../../ml/volume/integerLabels.ts';

/**
 * Edges of one structure in a picture, four numbers a straight piece: x0, y0, x1, y1. Pixel (x, y) covers [x, x + 1) by [y, y + 1), so that
 * edges lie on whole numbers; stroked by the canvas they are thin at any zoom.
 */
export type Outline = number[];

/**
 * The outline of every label but 0, exactly where it ends. An edge that two labels share belongs to both; the edge of the
 * picture closes an outline.
 *
 * @param plane Labels [height, width].
 */
export function traceOutlines(plane: LabelArray, width: number, height: number): Map<number, Outline> {
  const outlines = new Map<number, Outline>();
  const rows = { count: height, length: width, stride: width, step: 1 };
  traceLines(plane, rows, (label, y, from, to) => {
    piecesOf(outlines, label).push(from, y, to, y);
  });
  const columns = { count: width, length: height, stride: 1, step: width };
  traceLines(plane, columns, (label, x, from, to) => {
    piecesOf(outlines, label).push(x, from, x, to);
  });
  return outlines;
}

/** Parallel lines of pixels, rows or columns. */
interface Lines {
  readonly count: number;
  /** Pixels of each. */
  readonly length: number;
  /** From a line to the next. */
  readonly stride: number;
  /** From a pixel of a line to the next. */
  readonly step: number;
}

type AddPiece = (label: number, line: number, from: number, to: number) => void;

/** Finds pieces, each as long as it can be, between each two neighbouring lines: those of the labels before and of the labels after. */
function traceLines(plane: LabelArray, { count, length, stride, step }: Lines, add: AddPiece): void {
  for (let line = 0; line <= count; line++) {
    let [labelBefore, startBefore, labelAfter, startAfter] = [0, 0, 0, 0];
    // One pixel beyond the line, which has no label, ends what is still open.
    for (let n = 0; n <= length; n++) {
      const at = line * stride + n * step;
      const before = line > 0 && n < length ? plane[at - stride]! : 0;
      const after = line < count && n < length ? plane[at]! : 0;
      const edgeBefore = before === after ? 0 : before;
      const edgeAfter = before === after ? 0 : after;
      if (edgeBefore !== labelBefore) {
        if (labelBefore !== 0) add(labelBefore, line, startBefore, n);
        [labelBefore, startBefore] = [edgeBefore, n];
      }
      if (edgeAfter !== labelAfter) {
        if (labelAfter !== 0) add(labelAfter, line, startAfter, n);
        [labelAfter, startAfter] = [edgeAfter, n];
      }
    }
  }
}

function piecesOf(outlines: Map<number, Outline>, label: number): Outline {
  const known = outlines.get(label);
  if (known !== undefined) return known;
  const pieces: Outline = [];
  outlines.set(label, pieces);
  return pieces;
}
