import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { ViewName } from '../slices/view.ts';

/** How a plane is magnified and moved, against the whole picture as large as the pane allows. */
export interface Camera {
  readonly magnification: number;
  /** Of the middle of the pane from the middle of the picture, to the right and down, in the grid's unit. */
  readonly offset: readonly [right: number, down: number];
}

const whole: Camera = { magnification: 1, offset: [0, 0] };

/** The camera of each plane. Two studies side by side share it, and so stay linked. */
export const useCameraStore = defineStore('camera', () => {
  const cameras = ref<Record<ViewName, Camera>>({ axial: whole, coronal: whole, sagittal: whole });

  function set(plane: ViewName, camera: Camera): void {
    cameras.value[plane] = camera;
  }

  function reset(): void {
    cameras.value = { axial: whole, coronal: whole, sagittal: whole };
  }

  return { cameras, set, reset };
});
