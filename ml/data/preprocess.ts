import { invariant } from '../check/invariant.ts';
import type { Grid, Vector3 } from '../volume/grid.ts';
import { canonicalOrder } from '../volume/orientation.ts';
import { reorder, reorderGrid } from '../volume/reorder.ts';
import { resample } from '../volume/resample.ts';
import { gridWithSpacing, resampleToSpacing } from '../volume/resampleToSpacing.ts';
import type { Volume } from '../volume/volume.ts';
import { normalise } from './normalise.ts';
import type { Plan } from './plan/planSchema.ts';

/** The parts of a plan that say how an image is prepared. */
export type Preparation = Pick<Plan, 'dimensions' | 'spacing' | 'normalisation'>;

/**
 * An image as the network sees it: axes turned to patient left, posterior and superior, each channel normalised, then resampled to
 * the plan's spacing. The grid of the result says where its voxels lie, so a prediction can be resampled back to the image.
 */
export function preprocessImage(image: Volume, preparation: Preparation): Volume<Float32Array> {
  invariant(image.channels === preparation.normalisation.length, 'a plan normalises every channel');
  const { grid, channels, data } = reorder(image, canonicalOrder(image.grid));
  const voxels = data.length / channels;
  const normalised = new Float32Array(data.length);
  preparation.normalisation.forEach((scheme, c) => {
    const channel = data.subarray(c * voxels, (c + 1) * voxels);
    normalised.set(normalise(Float32Array.from(channel), scheme), c * voxels);
  });
  return resampleToSpacing({ grid, channels, data: normalised }, targetSpacing(grid, preparation));
}

/** The classes of the voxels of `preprocessImage`. */
export function preprocessLabel(label: Volume<Uint8Array>, preparation: Preparation): Volume<Uint8Array> {
  const turned = reorder(label, canonicalOrder(label.grid));
  return resample(turned, preparedGrid(label.grid, preparation), 'label');
}

/** The grid of `preprocessImage` for an image on `grid`. */
export function preparedGrid(grid: Grid, preparation: Preparation): Grid {
  const turned = reorderGrid(grid, canonicalOrder(grid));
  return gridWithSpacing(turned, targetSpacing(turned, preparation));
}

function targetSpacing(grid: Grid, { dimensions, spacing }: Preparation): Vector3 {
  return dimensions === 3 ? spacing : [spacing[0], spacing[1], grid.spacing[2]];
}
