import { invariant } from '../../../../ml/check/invariant.ts';

/** A closed curve of (x, y) pixel coordinates, integers at pixel centres; the last point joins the first. */
export type Loop = readonly (readonly [number, number])[];

/**
 * Marching squares at level 1/2 (Lorensen and Cline 1987, in two dimensions): curves through the midpoints between neighbouring pixels of which
 * one is inside. Inside pixels that touch by a corner only are not joined. No two curves share a point, none goes through a pixel centre, and walking
 * along one with x to the right and y down, the inside is on the right; so holes run the other way.
 *
 * @param mask Row-major, `rows` of `columns`, inside where not 0.
 */
export function traceContours(mask: Uint8Array, columns: number, rows: number): readonly Loop[] {
  const next = crossings(mask, columns, rows);
  const loops: Loop[] = [];
  while (next.size > 0) {
    const [start] = next.keys();
    const loop: (readonly [number, number])[] = [];
    for (let at = start; at !== undefined && next.has(at);) {
      loop.push(midpoint(at, columns));
      const following = next.get(at);
      next.delete(at);
      at = following;
    }
    loops.push(withoutCollinear(loop));
  }
  return loops;
}

// A midpoint has the number 2 * (pixel above or left of it, in an image with a border of one), + 1 where it lies below that pixel.

function midpoint(number: number, columns: number): readonly [number, number] {
  const pixel = number >> 1;
  const [x, y] = [(pixel % (columns + 2)) - 1, Math.floor(pixel / (columns + 2)) - 1];
  return number % 2 === 0 ? [x + 0.5, y] : [x, y + 0.5];
}

/** For each midpoint that a curve goes through, the next one on it. */
function crossings(mask: Uint8Array, columns: number, rows: number): Map<number, number> {
  const next = new Map<number, number>();
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < columns && y < rows && mask[y * columns + x] !== 0 ? 1 : 0;
  for (let y = -1; y < rows; y++) {
    let left = inside(-1, y) + 2 * inside(-1, y + 1);
    for (let x = -1; x < columns; x++) {
      const right = inside(x + 1, y) + 2 * inside(x + 1, y + 1);
      for (const [from, to] of segments[left + 4 * right] ?? []) {
        next.set(sideMidpoint(from, x, y, columns), sideMidpoint(to, x, y, columns));
      }
      left = right;
    }
  }
  return next;
}

type Side = 'top' | 'right' | 'bottom' | 'left';

function sideMidpoint(side: Side, x: number, y: number, columns: number): number {
  const pixel = (y + 1) * (columns + 2) + x + 1;
  if (side === 'top') return 2 * pixel;
  if (side === 'left') return 2 * pixel + 1;
  return side === 'bottom' ? 2 * (pixel + columns + 2) : 2 * (pixel + 1) + 1;
}

/** By the corners of a cell that are inside: 1 top left, 2 bottom left, 4 top right, 8 bottom right. */
const segments: readonly (readonly (readonly [Side, Side])[])[] = [
  [],
  [['top', 'left']],
  [['left', 'bottom']],
  [['top', 'bottom']],
  [['right', 'top']],
  [['right', 'left']],
  [['right', 'top'], ['left', 'bottom']],
  [['right', 'bottom']],
  [['bottom', 'right']],
  [['top', 'left'], ['bottom', 'right']],
  [['left', 'right']],
  [['top', 'right']],
  [['bottom', 'top']],
  [['bottom', 'left']],
  [['left', 'top']],
  [],
]; // prettier-ignore

function withoutCollinear(loop: Loop): Loop {
  const kept = loop.filter(([x, y], n) => {
    const [before, after] = [loop.at(n - 1), loop[(n + 1) % loop.length]];
    invariant(before !== undefined && after !== undefined, 'a loop is closed');
    return (x - before[0]) * (after[1] - y) !== (y - before[1]) * (after[0] - x);
  });
  return kept;
}

/** Twice the signed area, positive where x turned towards y is the way round. */
export function doubleArea(loop: Loop): number {
  return loop.reduce((sum, [x, y], n) => {
    const [u, v] = loop[(n + 1) % loop.length] ?? [x, y];
    return sum + x * v - u * y;
  }, 0);
}
