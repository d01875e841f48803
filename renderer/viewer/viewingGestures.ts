import type { CanvasPoint } from '../slices/viewport.ts';
import { useViewStore } from '../stores/view.ts';
import type { Gesture } from './usePaneGestures.ts';
import type { Pane } from './usePane.ts';

/** Magnification of a drag down by one pixel. */
export const zoomPerPixel = 1.01;

/** What does not change anything but the view. */
export function viewingGestures(pane: Pane): Readonly<Record<'crosshair' | 'pan' | 'zoom', Gesture>> {
  const viewing = useViewStore();
  let fixed: CanvasPoint = [0, 0];
  const point = (at: CanvasPoint): void => {
    viewing.crosshair = pane.toWorld(at);
  };
  return {
    crosshair: { start: point, move: point },
    pan: {
      move: (_at, by) => {
        pane.panBy(by);
      },
    },
    zoom: {
      start: (at) => {
        fixed = at;
      },
      move: (_at, [, down]) => {
        pane.zoomBy(zoomPerPixel ** down, fixed);
      },
    },
  };
}
