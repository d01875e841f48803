import type { Matrix3, Vector3 } from '../../../../ml/volume/grid.ts';
import { inverse, transform } from '../../../../ml/volume/matrix.ts';

// PS3.3 C.10.7.1.1 asks for CIELab under illuminant D50. Writers in use (highdicom, dcmqi, dcmjs) take sRGB's own D65: colours agree with theirs.

/** Linear sRGB to CIE XYZ, IEC 61966-2-1. */
const xyzFromLinear: Matrix3 = [
  0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.072175, 0.0193339, 0.119192, 0.9503041,
];
/** The XYZ of sRGB white. */
const white = transform(xyzFromLinear, [1, 1, 1]);
const linearFromXyz = inverse(xyzFromLinear);

/** CIE 15: where the cube root is replaced by a line. */
const delta = 6 / 29;

const compress = (t: number) => (t > delta ** 3 ? Math.cbrt(t) : t / (3 * delta ** 2) + 4 / 29);
const expand = (t: number) => (t > delta ? t ** 3 : 3 * delta ** 2 * (t - 4 / 29));
const toLinear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const fromLinear = (v: number) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);
const clamp = (value: number, largest: number) => Math.min(largest, Math.max(0, Math.round(value)));

/** Recommended Display CIELab Value (0062,000D) of a colour `#rrggbb`: L*, a*, b* scaled to 0..65535. */
export function cielabOf(colour: string): Vector3 {
  const part = (at: number) => toLinear(parseInt(colour.slice(at, at + 2), 16) / 255);
  const xyz = transform(xyzFromLinear, [part(1), part(3), part(5)]);
  const [x, y, z] = [compress(xyz[0] / white[0]), compress(xyz[1] / white[1]), compress(xyz[2] / white[2])];
  const [l, a, b] = [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  const chroma = (value: number) => clamp(((value + 128) * 65535) / 255, 65535);
  return [clamp((l * 65535) / 100, 65535), chroma(a), chroma(b)];
}

/** The colour `#rrggbb` of a Recommended Display CIELab Value; outside sRGB, each of its components is clipped. */
export function colourOf([l, a, b]: Vector3): string {
  const y = ((l * 100) / 65535 + 16) / 116;
  const x = y + ((a * 255) / 65535 - 128) / 500;
  const z = y - ((b * 255) / 65535 - 128) / 200;
  const xyz: Vector3 = [white[0] * expand(x), white[1] * expand(y), white[2] * expand(z)];
  return hexColour(
    ...(transform(linearFromXyz, xyz).map((value) => 255 * fromLinear(value)) as [number, number, number]),
  );
}

/** `#rrggbb` of components 0..255. */
export function hexColour(red: number, green: number, blue: number): string {
  return `#${[red, green, blue].map((value) => clamp(value, 255).toString(16).padStart(2, '0')).join('')}`;
}
