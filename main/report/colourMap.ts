import type { Colour } from './canvas.ts';

// Ten even steps of matplotlib's `inferno` (CC0, N. Smith and S. van der Walt 2015): rises evenly in lightness, so that it reads the same
// for colour-blind eyes and in grey.
const inferno: readonly Colour[] = [
  [0, 0, 4],
  [27, 12, 65],
  [74, 12, 107],
  [120, 28, 109],
  [165, 44, 96],
  [207, 68, 70],
  [237, 105, 37],
  [251, 155, 6],
  [247, 209, 61],
  [252, 255, 164],
];

/** The colour of a value in [0, 1], dark to bright; values outside are clamped. */
export function heatColour(value: number): Colour {
  const position = Math.min(Math.max(value, 0), 1) * (inferno.length - 1);
  const step = Math.min(Math.floor(position), inferno.length - 2);
  const [from, to] = [inferno[step]!, inferno[step + 1]!];
  const mix = (c: 0 | 1 | 2) => Math.round(from[c] + (position - step) * (to[c] - from[c]));
  return [mix(0), mix(1), mix(2)];
}
