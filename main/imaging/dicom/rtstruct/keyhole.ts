import { invariant } from '../../../../ml/check/invariant.ts';
import { doubleArea, type Loop } from './traceContours.ts';

type Point = Loop[number];

/**
 * Outlines with their holes, each as one curve without crossings: a hole is joined to what lies right of its top by a channel of no width, walked
 * there and back ("keyhole", PS3.3 C.8.8.6.3). Every reader fills such a curve right, whatever it makes of curves within curves; the channels
 * run midway between rows of pixel centres.
 *
 * @param loops What `traceContours` gives.
 */
export function joinHoles(loops: readonly Loop[]): readonly Loop[] {
  const outlines = loops
    .map((loop) => ({ loop, area: doubleArea(loop), holes: [] as Loop[] }))
    .filter(({ area }) => area > 0)
    .sort((a, b) => a.area - b.area);
  for (const hole of loops.filter((loop) => doubleArea(loop) < 0)) {
    const owner = outlines.find(({ loop }) => surrounds(loop, topOf(hole)));
    invariant(owner !== undefined, 'a hole is within an outline');
    owner.holes.push(hole);
  }
  return outlines.map(({ loop, holes }) => holes.sort(byTop).reduce(join, loop));
}

/** The topmost point, of several the rightmost; it lies midway between two rows. */
function topOf(loop: Loop): Point {
  return loop.reduce((top, point) => (point[1] < top[1] || (point[1] === top[1] && point[0] > top[0]) ? point : top));
}

// A channel to the right from a hole's top can meet another hole only if that one reaches as high: from the top down, it is joined already.
function byTop(a: Loop, b: Loop): number {
  const [[x, y], [u, v]] = [topOf(a), topOf(b)];
  return y - v || u - x;
}

function join(outline: Loop, hole: Loop): Loop {
  const top = topOf(hole);
  const { after, x } = firstHit(outline, top);
  const start = hole.indexOf(top);
  const landing: Point = [x, top[1]];
  const around = [...hole.slice(start), ...hole.slice(0, start), top];
  const joined = [...outline.slice(0, after + 1), landing, ...around, landing, ...outline.slice(after + 1)];
  return joined.filter(([u, v], n) => {
    const before = joined.at(n - 1);
    return before?.[0] !== u || before[1] !== v;
  });
}

/** Where a ray to the right first meets the curve, and the point before that place. */
function firstHit(loop: Loop, [x, y]: Point): { readonly after: number; readonly x: number } {
  let hit = { after: -1, x: Infinity };
  for (const [n, [u, v]] of loop.entries()) {
    const [s, t] = loop[(n + 1) % loop.length] ?? [u, v];
    if (v === t || y < Math.min(v, t) || y > Math.max(v, t)) continue;
    const at = u + ((y - v) / (t - v)) * (s - u);
    if (at > x && at < hit.x) hit = { after: n, x: at };
  }
  invariant(hit.after >= 0, 'a hole has its outline on every side');
  return hit;
}

function surrounds(loop: Loop, [x, y]: Point): boolean {
  let crossings = 0;
  for (const [n, [u, v]] of loop.entries()) {
    const [s, t] = loop[(n + 1) % loop.length] ?? [u, v];
    if (v > y !== t > y && u + ((y - v) / (t - v)) * (s - u) > x) crossings++;
  }
  return crossings % 2 === 1;
}
