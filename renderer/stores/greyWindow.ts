import { defineStore } from 'pinia';
import { ref } from 'vue';

export interface GreyWindow {
  readonly centre: number;
  readonly width: number;
}

/** The grey window that each volume is shown with, where the person has chosen one. */
export const useGreyWindowStore = defineStore('grey window', () => {
  const byVolume = ref<Record<string, GreyWindow>>({});

  function set(volume: string, { centre, width }: GreyWindow): void {
    byVolume.value[volume] = { centre, width };
  }

  return { byVolume, set };
});
