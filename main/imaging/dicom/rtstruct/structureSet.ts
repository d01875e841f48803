import type { Vector3 } from '../../../../ml/volume/grid.ts';
import type { Code } from '../../segments.ts';

/** A curve as the file has it (PS3.3 C.8.8.6). */
export interface Contour {
  /** `other`: a point or an open curve, which encloses nothing. */
  readonly kind: 'closed' | 'other';
  /** x, y, z of each point, LPS mm. */
  readonly points: Float64Array;
}

/** One region of interest. */
export interface Structure {
  /** ROI Number (3006,0022). */
  readonly number: number;
  readonly name: string;
  /** `#rrggbb`; `null` where the file names none. */
  readonly colour: string | null;
  readonly type: Code | null;
  readonly contours: readonly Contour[];
}

/** What an RTSTRUCT object says. */
export interface StructureSet {
  readonly path: string;
  readonly description: string;
  readonly structures: readonly Structure[];
  /** Series Instance UIDs of the images that it was drawn on; empty where it names none. */
  readonly series: readonly string[];
  readonly frameOfReference: string | undefined;
  readonly warnings: readonly string[];
}

export const pointAt = (points: Float64Array, n: number): Vector3 => [
  points[3 * n]!,
  points[3 * n + 1]!,
  points[3 * n + 2]!,
];
