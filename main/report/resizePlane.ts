/** A grey picture, row-major from the top left. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** A resampling kernel and how far it reaches. */
export interface Kernel {
  readonly radius: number;
  readonly weight: (distance: number) => number;
}

/** Straight between neighbours: never leaves their range, so right for masks and entropies. */
export const linear: Kernel = { radius: 1, weight: (distance) => 1 - distance };

/** Catmull-Rom (Keys 1981, a = -1/2): smooth between neighbours, through every value; for intensities. */
export const cubic: Kernel = {
  radius: 2,
  weight: (d) => (d < 1 ? 1.5 * d ** 3 - 2.5 * d ** 2 + 1 : -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2),
};

/** Resizes edge to edge; where it shrinks, the kernel widens so that no detail aliases. */
export function resizePlane(plane: Plane, width: number, height: number, kernel: Kernel): Plane {
  const rows = taps(plane.height, height, kernel);
  const columns = taps(plane.width, width, kernel);
  const narrow = new Float32Array(width * plane.height);
  for (let y = 0; y < plane.height; y++) {
    for (const [x, weights] of columns.entries()) {
      for (const [source, weight] of weights) narrow[y * width + x]! += weight * plane.data[y * plane.width + source]!;
    }
  }
  const data = new Float32Array(width * height);
  for (const [y, weights] of rows.entries()) {
    for (const [source, weight] of weights) {
      for (let x = 0; x < width; x++) data[y * width + x]! += weight * narrow[source * width + x]!;
    }
  }
  return { width, height, data };
}

/** For each target place, which sources it takes and how much of each; beyond the edge the last one repeats. */
function taps(from: number, to: number, { radius, weight }: Kernel): (readonly [number, number])[][] {
  const step = from / to;
  const stretch = Math.max(1, step);
  return Array.from({ length: to }, (_, target) => {
    const centre = (target + 0.5) * step - 0.5;
    const first = Math.ceil(centre - radius * stretch);
    const last = Math.floor(centre + radius * stretch);
    const pairs = Array.from({ length: last - first + 1 }, (_, index) => {
      const source = first + index;
      return [Math.min(Math.max(source, 0), from - 1), weight(Math.abs(source - centre) / stretch)] as const;
    });
    const total = pairs.reduce((sum, [, share]) => sum + share, 0);
    return pairs.map(([source, share]) => [source, share / total] as const);
  });
}
