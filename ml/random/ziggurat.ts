import type { Xoshiro128 } from './xoshiro.ts';

const LAYERS = 128;
/** Where the tail begins, and the area of each layer, for 128 layers (Marsaglia & Tsang 2000). */
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;

/** Right edge of each layer, widest first; layer 0 is the base strip, widened to hold the area of its tail. */
const edges = layerEdges();
/** Share of each layer's width that lies wholly under the density. */
const inner = Float64Array.from({ length: LAYERS }, (_, layer) => edges[layer + 1]! / edges[layer]!);

function density(x: number): number {
  return Math.exp(-0.5 * x * x);
}

function layerEdges(): Float64Array {
  const x = new Float64Array(LAYERS + 1);
  x[0] = AREA / density(TAIL);
  x[1] = TAIL;
  for (let layer = 2; layer < LAYERS; layer++) {
    const below = x[layer - 1]!;
    x[layer] = Math.sqrt(-2 * Math.log(AREA / below + density(below)));
  }
  return x;
}

/** The normal beyond TAIL: Marsaglia, "Generating a variable from the tail of the normal distribution", 1964. */
function drawTail(generator: Xoshiro128): number {
  for (;;) {
    const x = Math.log(1 - generator.uniform()) / TAIL;
    const y = Math.log(1 - generator.uniform());
    if (-2 * y >= x * x) return TAIL - x;
  }
}

/**
 * A standard normal by the ziggurat of Marsaglia & Tsang (2000) with the correction of Doornik (2005): the bits that choose the layer
 * take no part in the value, whose 53 bits are its own.
 */
export function drawNormal(generator: Xoshiro128): number {
  for (;;) {
    const bits = generator.next();
    const layer = bits & (LAYERS - 1);
    const signed = (generator.next() * 2 ** 21 + (bits >>> 11)) * 2 ** -52;
    const x = signed * edges[layer]!;
    if (Math.abs(signed) < inner[layer]!) return x;
    if (layer === 0) return Math.sign(signed) * drawTail(generator);
    const outer = density(edges[layer]!);
    const height = outer + generator.uniform() * (density(edges[layer + 1]!) - outer);
    if (height < density(x)) return x;
  }
}
