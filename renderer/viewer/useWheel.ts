import type { Pane } from './usePane.ts';
import { zoomPerPixel } from './viewingGestures.ts';

/** Wheel units of one slice: a notch of a mouse is 100 to 120, a touchpad sends many small ones. */
const unitsPerSlice = 60;
/** A notch of a mouse that counts in lines is three of them. */
const unitsPerLine = 20;

/** The wheel goes through the slices; with Ctrl it zooms. */
export function useWheel(pane: Pane): (event: WheelEvent) => void {
  let rest = 0;
  return (event) => {
    event.preventDefault();
    if (event.ctrlKey) {
      pane.zoomBy(zoomPerPixel ** (-event.deltaY / 4), [event.offsetX, event.offsetY]);
      return;
    }
    rest += event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * unitsPerLine : event.deltaY;
    const steps = Math.trunc(rest / unitsPerSlice);
    if (steps === 0) return;
    rest -= steps * unitsPerSlice;
    pane.show(pane.slice.value + steps);
  };
}
