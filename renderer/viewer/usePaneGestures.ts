import type { CanvasPoint } from '../slices/viewport.ts';
import { useToolStore, type Tool } from '../stores/tool.ts';
import type { Pane } from './usePane.ts';
import { viewingGestures } from './viewingGestures.ts';

/** What a drag does. Points are canvas pixels, `by` is since the last move. */
export interface Gesture {
  readonly start?: (at: CanvasPoint) => void;
  readonly move?: (at: CanvasPoint, by: CanvasPoint) => void;
  /** The pointer moves with no button pressed. */
  readonly hover?: (at: CanvasPoint) => void;
  readonly end?: (at: CanvasPoint) => void;
  readonly doubleClick?: (at: CanvasPoint) => void;
}

export type Gestures = Readonly<Partial<Record<Tool, Gesture>>>;

const pointOf = ({ offsetX, offsetY }: MouseEvent): CanvasPoint => [offsetX, offsetY];

/** Drags in a pane, buttons as in 3D Slicer: left is the tool, middle (or shift) pans, right zooms. */
export function usePaneGestures(pane: Pane, own: Gestures) {
  const tool = useToolStore();
  const viewing = viewingGestures(pane);
  const gestures: Gestures = { ...viewing, ...own };
  let active: Gesture | undefined;
  let last: CanvasPoint = [0, 0];

  function gestureOf({ button, shiftKey }: PointerEvent): Gesture | undefined {
    if (button === 1 || (button === 0 && shiftKey && !tool.isEditing)) return viewing.pan;
    return button === 2 ? viewing.zoom : gestures[tool.current];
  }

  return {
    pointerdown: (event: PointerEvent): void => {
      active = gestureOf(event);
      last = pointOf(event);
      if (event.target instanceof Element) event.target.setPointerCapture(event.pointerId);
      active?.start?.(last);
    },
    pointermove: (event: PointerEvent): void => {
      const at = pointOf(event);
      if (active) active.move?.(at, [at[0] - last[0], at[1] - last[1]]);
      else gestures[tool.current]?.hover?.(at);
      last = at;
    },
    pointerup: (event: PointerEvent): void => {
      active?.end?.(pointOf(event));
      active = undefined;
    },
    dblclick: (event: MouseEvent): void => {
      gestures[tool.current]?.doubleClick?.(pointOf(event));
    },
  };
}
