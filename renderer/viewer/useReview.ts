import { indexPoint, indexToWorld, worldPoint, worldToIndex } from '../../ml/volume/space.ts';
import { nextUncertainPlace, uncertainPlaces } from '../slices/review.ts';
import { acquiredView, alignedView } from '../slices/view.ts';
import { useLayoutStore } from '../stores/layout.ts';
import { useViewStore } from '../stores/view.ts';
import type { ShownSegmentation } from '../session/shownSegmentation.ts';
import { useSliceScores } from './useSliceScores.ts';

/** Goes through the uncertain slices, the worst first, in the plane that fills the viewer or else the one of the acquisition. */
export function useReview(shown: ShownSegmentation) {
  const viewing = useViewStore();
  const layout = useLayoutStore();
  const scores = useSliceScores(shown);

  function next(): void {
    const grid = shown.mask.value?.volume.grid;
    if (!grid) return;
    const only = layout.layout;
    const plane = only === 'axial' || only === 'coronal' || only === 'sagittal' ? only : acquiredView(grid);
    const view = alignedView(grid, plane);
    const [i, j, k] = view.shape;
    const middle = indexPoint((i - 1) / 2, (j - 1) / 2, (k - 1) / 2);
    const place = viewing.crosshair ? worldToIndex(view, worldPoint(...viewing.crosshair)) : middle;
    const slice = nextUncertainPlace(uncertainPlaces(scores.value[plane] ?? []), Math.round(place[2]));
    if (slice === undefined) return;
    // The slices that are ranked are the image's own.
    viewing.planes = null;
    viewing.crosshair = indexToWorld(view, indexPoint(place[0], place[1], slice));
  }

  return { scores, next };
}
