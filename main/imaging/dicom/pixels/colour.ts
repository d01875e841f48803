// From any photometric interpretation (PS3.3 section C.7.6.3.1.2) to interleaved RGB.

import { emptyLike } from '../../../../ml/volume/emptyLike.ts';
import type { Palette } from './palette.ts';
import type { IntegerArray } from './samples.ts';

/** Plane after plane, to sample after sample. */
export function interleave(planes: IntegerArray, samples: number): IntegerArray {
  const pixels = Math.floor(planes.length / samples);
  const mixed = planes.slice();
  for (let sample = 0; sample < samples; sample++)
    for (let i = 0; i < pixels; i++) mixed[i * samples + sample] = planes[sample * pixels + i]!;
  return mixed;
}

/** YBR_FULL; ITU-T T.871 with the half scale of the depth in the place of 128. */
export function rgbOfYbr(values: IntegerArray, bits: number): IntegerArray {
  const most = 2 ** bits - 1;
  const half = 2 ** (bits - 1);
  const rgb = emptyLike(values, values.length);
  const clamp = (value: number) => Math.min(most, Math.max(0, Math.round(value)));
  for (let at = 0; at + 2 < values.length; at += 3) {
    const y = values[at]!;
    const blue = values[at + 1]! - half;
    const red = values[at + 2]! - half;
    rgb[at] = clamp(y + 1.402 * red);
    rgb[at + 1] = clamp(y - 0.344136286 * blue - 0.714136286 * red);
    rgb[at + 2] = clamp(y + 1.772 * blue);
  }
  return rgb;
}

/** YBR_FULL_422 as stored, two luminances and the colour they share, to three samples a pixel. */
export function spreadColour(values: IntegerArray): IntegerArray {
  const spread = new (values instanceof Uint16Array ? Uint16Array : Uint8Array)((values.length / 2) * 3);
  for (let at = 0, to = 0; at + 3 < values.length; at += 4, to += 6) {
    const [first, second, blue, red] = values.subarray(at, at + 4);
    spread.set([first!, blue!, red!, second!, blue!, red!], to);
  }
  return spread;
}

export function applyPalette(values: IntegerArray, { first, bits, red, green, blue }: Palette): IntegerArray {
  const rgb = new (bits === 8 ? Uint8Array : Uint16Array)(values.length * 3);
  for (let i = 0; i < values.length; i++) {
    const entry = Math.min(red.length - 1, Math.max(0, values[i]! - first));
    rgb[i * 3] = red[entry]!;
    rgb[i * 3 + 1] = green[entry]!;
    rgb[i * 3 + 2] = blue[entry]!;
  }
  return rgb;
}
