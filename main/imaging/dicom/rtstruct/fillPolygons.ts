/** A closed polygon in the plane of a slice: x and y in turn, in pixels, integers at pixel centres. */
export type Polygon = Float64Array;

/**
 * Fills the pixels whose centres are inside by the even-odd rule over all polygons together, so that a polygon within another is a hole. A
 * centre on an edge is inside where the edge is on its lower side, so that neighbours share no pixel and leave none.
 *
 * @param mask Row-major, `rows` of `columns`; inside pixels become 1, others stay.
 * @returns Whether any pixel was inside.
 */
export function fillPolygons(mask: Uint8Array, columns: number, rows: number, polygons: readonly Polygon[]): boolean {
  const crossings: number[][] = Array.from({ length: rows }, () => []);
  for (const polygon of polygons) addCrossings(crossings, polygon);
  let isAny = false;
  for (const [row, xs] of crossings.entries()) {
    xs.sort((a, b) => a - b);
    for (let n = 0; n + 1 < xs.length; n += 2) {
      const from = Math.max(0, Math.ceil(xs[n]!));
      const to = Math.min(columns, Math.ceil(xs[n + 1]!));
      if (from >= to) continue;
      mask.fill(1, row * columns + from, row * columns + to);
      isAny = true;
    }
  }
  return isAny;
}

/** Where the polygon's edges cross the centre lines of the rows. */
function addCrossings(crossings: readonly number[][], polygon: Polygon): void {
  const points = polygon.length / 2;
  for (let n = 0; n < points; n++) {
    const next = n + 1 === points ? 0 : n + 1;
    const [x, y, u, v] = [polygon[2 * n]!, polygon[2 * n + 1]!, polygon[2 * next]!, polygon[2 * next + 1]!];
    const first = Math.max(0, Math.ceil(Math.min(y, v)));
    const last = Math.min(crossings.length, Math.ceil(Math.max(y, v)));
    // One formula for both directions of an edge: edges that two polygons share must meet every row at the same number.
    const [x0, y0, x1, y1] = y < v ? [x, y, u, v] : [u, v, x, y];
    for (let row = first; row < last; row++) crossings[row]?.push(x0 + ((row - y0) / (y1 - y0)) * (x1 - x0));
  }
}
