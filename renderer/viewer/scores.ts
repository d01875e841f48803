import { boundaryBand } from '../../ml/uncertainty/region.ts';
import type { Grid } from '../../ml/volume/grid.ts';
import { viewScores } from '../slices/review.ts';
import { alignedView, type ViewName } from '../slices/view.ts';

/** Mean entropy near the boundary in each slice of each plane, bits. */
export type SliceScores = Readonly<Partial<Record<ViewName, Float64Array<ArrayBuffer>>>>;

export interface ScoresRequest {
  readonly grid: Grid;
  /** [k, j, i]. */
  readonly labels: Uint8Array | Uint16Array;
  /** [k, j, i], bits. */
  readonly entropy: Float32Array;
}

/** How unsure a segmentation is in each slice of each plane: the host's numbers, so that strip and report agree. */
export function sliceScoresOf({ grid, labels, entropy }: ScoresRequest): SliceScores {
  const band = boundaryBand(labels, grid);
  const of = (plane: ViewName) => new Float64Array(viewScores(alignedView(grid, plane), grid, band, entropy));
  return { axial: of('axial'), coronal: of('coronal'), sagittal: of('sagittal') };
}
