import type { Surface } from './surface.ts';

/** Said in every file. */
export const meshSpace = 'LPS millimetres (+x left, +y posterior, +z superior; DICOM)';

/** What is read back from a file and compared. */
export interface MeshFacts {
  readonly triangles: number;
  /** x, y, z of the corners of the box around all vertices that a triangle has, LPS mm. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** One way of writing surfaces. */
export interface MeshFormat {
  /** Name and extension, for people. */
  readonly title: string;
  /** With its dot, in small letters. */
  readonly extension: string;
  /** What of the surfaces is not in the file, in sentences. */
  readonly loses: readonly string[];
  /** The file in parts. */
  readonly encode: (surfaces: readonly Surface[], stem: string) => Iterable<Uint8Array>;
  /** A second file that the first one names. */
  readonly companion?: {
    readonly extension: string;
    readonly encode: (surfaces: readonly Surface[]) => Uint8Array;
  };
  /** What a finished file holds, `undefined` where it cannot be read. */
  readonly measure: (bytes: Buffer) => MeshFacts | undefined;
}

/** Collects the facts of a mesh from its vertices. */
export class MeshMeasure {
  readonly #low = [Infinity, Infinity, Infinity];
  readonly #high = [-Infinity, -Infinity, -Infinity];

  add(x: number, y: number, z: number): void {
    for (const [axis, value] of [x, y, z].entries()) {
      this.#low[axis] = Math.min(this.#low[axis]!, value);
      this.#high[axis] = Math.max(this.#high[axis]!, value);
    }
  }

  facts(triangles: number): MeshFacts {
    return { triangles, low: this.#low, high: this.#high };
  }
}

export function factsOf(surfaces: readonly Surface[]): MeshFacts {
  const measure = new MeshMeasure();
  for (const { positions } of surfaces)
    for (let v = 0; v < positions.length; v += 3) measure.add(positions[v]!, positions[v + 1]!, positions[v + 2]!);
  return measure.facts(surfaces.reduce((sum, { triangles }) => sum + triangles.length / 3, 0));
}

/** Red, green and blue of `#rrggbb`, 0..255. */
export const redGreenBlue = (colour: string) =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as [number, number, number];
