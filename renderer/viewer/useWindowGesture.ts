import type { Ref } from 'vue';
import { useGreyWindowStore, type GreyWindow } from '../stores/greyWindow.ts';
import type { LoadedVolume } from '../volumes/loadedVolume.ts';
import type { Gesture } from './usePaneGestures.ts';

/** Dragging to the right widens the grey window, dragging up lowers it and so brightens the picture; as fast as the values are wide. */
export function useWindowGesture(loaded: Ref<LoadedVolume>, greyWindow: Ref<GreyWindow>): Gesture {
  const windows = useGreyWindowStore();
  return {
    move: (_at, [right, down]) => {
      const { volume, range } = loaded.value.facts;
      const perPixel = (range.high - range.low || 1) / 400;
      const { centre, width } = greyWindow.value;
      windows.set(volume, { centre: centre + down * perPixel, width: Math.max(width + right * perPixel, perPixel) });
    },
  };
}
