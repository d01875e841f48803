import { invariant } from '../../check/invariant.ts';
import type { Vector3 } from '../../volume/grid.ts';
import { median, quantile } from '../../statistics/quantile.ts';
import type { Fingerprint } from '../fingerprint.ts';

/** An axis is thick when its spacing is more than this many times that of the others (nnU-Net's rule). */
export const ANISOTROPY = 3;

export interface SpacingChoice {
  /** Along i, j, k. */
  readonly spacing: Vector3;
  /** Median over the cases of their shape at that spacing, along i, j, k. */
  readonly medianShape: Vector3;
  readonly sentence: string;
}

/**
 * The spacing that volumes are resampled to: the median of each axis; where one axis is thick and has few slices, its finer tenth
 * percentile instead, so that most cases keep their slices (Isensee et al. 2021, "target spacing").
 *
 * @param asked Along i, j, k, or one for all: goes before that rule.
 */
export function chooseSpacing({ spacings, shapes, unit }: Fingerprint, asked: readonly number[] = []): SpacingChoice {
  const medians = eachAxis((axis) => median(spacings.map((spacing) => spacing[axis])));
  const shape = eachAxis((axis) => median(shapes.map((size) => size[axis])));
  const thick = thickestAxis(medians);
  const others = [0, 1, 2].filter((axis) => axis !== thick);
  const coarsestOther = Math.max(...others.map((axis) => medians[axis]!));
  const isThick = medians[thick] > ANISOTROPY * coarsestOther;
  const hasFewSlices = shape[thick] * ANISOTROPY < Math.min(...others.map((axis) => shape[axis]!));
  const fine = quantile(
    spacings.map((spacing) => spacing[thick]).toSorted((a, b) => a - b),
    0.1,
  );
  const usesFine = isThick && hasFewSlices;
  const spacing = eachAxis((axis) => {
    const wished = asked.length === 1 ? asked[0] : asked[axis];
    return wished ?? (usesFine && axis === thick ? Math.max(fine, coarsestOther) : medians[axis]);
  });
  const reason =
    asked.length > 0
      ? 'as asked'
      : usesFine
        ? `the median in the slice plane, and the tenth percentile along ${'ijk'[thick]!}, where slices are thick and few`
        : 'the median of the training cases along each axis';
  return {
    spacing,
    medianShape: eachAxis((axis) => median(shapes.map((size, n) => resampledLength(size, spacings[n], spacing, axis)))),
    sentence: `Images are resampled to ${spacing.map(short).join(' x ')} ${unit === 'mm' ? 'mm' : 'voxels'}: ${reason}.`,
  };
}

/** The axis with the largest spacing; the last of equals, as slices are most often stacked along k. */
export function thickestAxis(spacing: Vector3): 0 | 1 | 2 {
  const largest = Math.max(...spacing);
  return spacing[2] === largest ? 2 : spacing[1] === largest ? 1 : 0;
}

/** Number of voxels that cover the same length at another spacing. */
function resampledLength(shape: Vector3, from: Vector3 | undefined, to: Vector3, axis: 0 | 1 | 2): number {
  invariant(from, 'every case has a spacing');
  return Math.max(1, Math.round((shape[axis] * from[axis]) / to[axis]));
}

function eachAxis(value: (axis: 0 | 1 | 2) => number): Vector3 {
  return [value(0), value(1), value(2)];
}

/** At most four digits, without trailing zeros. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
