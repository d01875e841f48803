import { invariant } from '../../check/invariant.ts';
import type { Vector3 } from '../../volume/grid.ts';
import type { Box, BoxVoxels } from '../caseSource.ts';
import type { Transform } from './transform.ts';

/** Where the patch voxel [k, j, i] comes from: `origin + k columns[0] + j columns[1] + i columns[2]`, voxels of the volume. */
export interface Placement {
  readonly origin: Vector3;
  readonly columns: readonly [Vector3, Vector3, Vector3];
}

/** @param start Of the patch before the transform, [k, j, i]. */
export function placePatch({ matrix, shift }: Transform, start: Vector3, patch: Vector3): Placement {
  const columnOf = (axis: 0 | 1 | 2): Vector3 => [matrix[axis], matrix[3 + axis]!, matrix[6 + axis]!];
  const columns = [columnOf(0), columnOf(1), columnOf(2)] as const;
  const half = patch.map((side) => (side - 1) / 2);
  const along = (axis: 0 | 1 | 2) =>
    start[axis] + half[axis]! + shift[axis] - columns.reduce((sum, column, n) => sum + column[axis] * half[n]!, 0);
  return { origin: [along(0), along(1), along(2)], columns };
}

/**
 * The voxels a placed patch is interpolated from: its bounding box, cut to the volume with one voxel of padding around, into which
 * everything outside is moved.
 */
export function sourceBox({ origin, columns }: Placement, patch: Vector3, shape: Vector3): Box {
  const ends = ([0, 1, 2] as const).map((axis) => {
    const reach = columns.map((column, n) => column[axis] * (patch[n]! - 1));
    const low = origin[axis] + reach.reduce((sum, value) => sum + Math.min(value, 0), 0);
    const high = origin[axis] + reach.reduce((sum, value) => sum + Math.max(value, 0), 0);
    const start = clamp(Math.floor(low), -1, shape[axis] - 1);
    // Two voxels at least: every position has a lower and an upper neighbour.
    return { start, size: clamp(Math.ceil(high), start + 1, shape[axis]) - start + 1 };
  });
  const [k, j, i] = ends;
  invariant(k && j && i, 'a box has three sides');
  return { start: [k.start, j.start, i.start], size: [k.size, j.size, i.size] };
}

/**
 * Interpolates a patch in one pass: the image linearly; each label by the class with the largest linear weight among its eight
 * neighbours, which equals linear interpolation of one-hot classes followed by argmax (thin structures keep smoother borders than with the nearest voxel) and costs extra only where classes meet.
 *
 * @param voxels Of `box`, which is `sourceBox` of the placement.
 */
export function resamplePatch(placement: Placement, patch: Vector3, box: Box, voxels: BoxVoxels): BoxVoxels {
  const size = patch[0] * patch[1] * patch[2];
  const channels = voxels.image.length / voxels.label.length;
  const image = new Float32Array(channels * size);
  const label = new Uint8Array(size);
  const row = new SourceRow(box.size, patch[2]);
  const { origin, columns } = placement;
  for (let k = 0; k < patch[0]; k++) {
    for (let j = 0; j < patch[1]; j++) {
      row.locate(
        origin[0] - box.start[0] + k * columns[0][0] + j * columns[1][0],
        origin[1] - box.start[1] + k * columns[0][1] + j * columns[1][1],
        origin[2] - box.start[2] + k * columns[0][2] + j * columns[1][2],
        columns[2],
      );
      const at = (k * patch[1] + j) * patch[2];
      for (let c = 0; c < channels; c++) {
        row.readImage(voxels.image, c * voxels.label.length, image, c * size + at);
      }
      row.readLabel(voxels.label, label, at);
    }
  }
  return { image, label };
}

/** The lower neighbours and weights of one row of a patch, shared by its channels and its label. */
class SourceRow {
  readonly #last: Vector3;
  readonly #stepJ: number;
  readonly #stepK: number;
  readonly #base: Int32Array;
  readonly #weightK: Float64Array;
  readonly #weightJ: Float64Array;
  readonly #weightI: Float64Array;
  readonly #votes = new Float64Array(256);
  readonly #corners = new Uint8Array(8);

  constructor([sizeK, sizeJ, sizeI]: Vector3, length: number) {
    this.#last = [sizeK - 2, sizeJ - 2, sizeI - 2];
    this.#stepJ = sizeI;
    this.#stepK = sizeJ * sizeI;
    this.#base = new Int32Array(length);
    this.#weightK = new Float64Array(length);
    this.#weightJ = new Float64Array(length);
    this.#weightI = new Float64Array(length);
  }

  /** @param k,j,i Position of the first voxel, relative to the box. */
  locate(k: number, j: number, i: number, step: Vector3): void {
    const [lastK, lastJ, lastI] = this.#last;
    for (let n = 0; n < this.#base.length; n++) {
      const atK = clamp(k + n * step[0], 0, lastK + 1);
      const atJ = clamp(j + n * step[1], 0, lastJ + 1);
      const atI = clamp(i + n * step[2], 0, lastI + 1);
      const baseK = Math.min(Math.floor(atK), lastK);
      const baseJ = Math.min(Math.floor(atJ), lastJ);
      const baseI = Math.min(Math.floor(atI), lastI);
      this.#base[n] = baseK * this.#stepK + baseJ * this.#stepJ + baseI;
      this.#weightK[n] = atK - baseK;
      this.#weightJ[n] = atJ - baseJ;
      this.#weightI[n] = atI - baseI;
    }
  }

  readImage(source: Float32Array, channel: number, target: Float32Array, at: number): void {
    const stepJ = this.#stepJ;
    const stepK = this.#stepK;
    for (let n = 0; n < this.#base.length; n++) {
      const b = channel + this.#base[n]!;
      const u = this.#weightI[n]!;
      const v = this.#weightJ[n]!;
      const near = mix(mix(source[b]!, source[b + 1]!, u), mix(source[b + stepJ]!, source[b + stepJ + 1]!, u), v);
      const f = b + stepK;
      const far = mix(mix(source[f]!, source[f + 1]!, u), mix(source[f + stepJ]!, source[f + stepJ + 1]!, u), v);
      target[at + n] = mix(near, far, this.#weightK[n]!);
    }
  }

  readLabel(source: Uint8Array, target: Uint8Array, at: number): void {
    const stepJ = this.#stepJ;
    const stepK = this.#stepK;
    for (let n = 0; n < this.#base.length; n++) {
      const b = this.#base[n]!;
      const f = b + stepK;
      const first = source[b]!;
      const agree =
        source[b + 1] === first &&
        source[b + stepJ] === first &&
        source[b + stepJ + 1] === first &&
        source[f] === first &&
        source[f + 1] === first &&
        source[f + stepJ] === first &&
        source[f + stepJ + 1] === first;
      target[at + n] = agree ? first : this.#vote(source, n);
    }
  }

  /** The class with the largest weight; of equals the one with the lowest corner. */
  #vote(source: Uint8Array, n: number): number {
    const votes = this.#votes;
    const values = this.#corners;
    const base = this.#base[n]!;
    for (let corner = 0; corner < 8; corner++) {
      const [k, j, i] = [corner >> 2, (corner >> 1) & 1, corner & 1];
      const value = source[base + k * this.#stepK + j * this.#stepJ + i]!;
      values[corner] = value;
      votes[value]! += share(this.#weightK[n]!, k) * share(this.#weightJ[n]!, j) * share(this.#weightI[n]!, i);
    }
    let best = values[0]!;
    for (let corner = 1; corner < 8; corner++) if (votes[values[corner]!]! > votes[best]!) best = values[corner]!;
    for (let corner = 0; corner < 8; corner++) votes[values[corner]!] = 0;
    return best;
  }
}

function share(weight: number, side: number): number {
  return side === 1 ? weight : 1 - weight;
}

function mix(a: number, b: number, weight: number): number {
  return a + (b - a) * weight;
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
