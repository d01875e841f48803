import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { Vector3 } from '../../ml/volume/grid.ts';
import type { ViewName } from '../slices/view.ts';

/** The place under the cursor, LPS mm, and the plane it is pointed at in. */
export const useProbeStore = defineStore('probe', () => {
  const place = ref<Vector3 | null>(null);
  const plane = ref<ViewName | null>(null);
  return { place, plane };
});
