import { nameOfKey } from '../components/useShortcuts.ts';
import type { Pane } from './usePane.ts';

const step = (5 * Math.PI) / 180;

/** What keys do in the pane that they go to. */
export function usePaneKeys(pane: Pane, turn: (radians: number) => void): (event: KeyboardEvent) => void {
  const show = (slices: number) => () => {
    pane.show(pane.slice.value + slices);
  };
  const turnBy = (radians: number) => () => {
    turn(radians);
  };
  const keys: Readonly<Record<string, () => void>> = {
    arrowup: show(-1),
    arrowdown: show(1),
    pageup: show(-10),
    pagedown: show(10),
    'shift+arrowleft': turnBy(-step),
    'shift+arrowright': turnBy(step),
  };
  return (event) => {
    const act = keys[nameOfKey(event)];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
}
