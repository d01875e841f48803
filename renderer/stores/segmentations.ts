import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { Segmentation } from '../../main/contract/segmentations.ts';

/** The segmentations of the study that is open, and which of them is shown. */
export const useSegmentationStore = defineStore('segmentations', () => {
  const list = ref<Segmentation[]>([]);
  const chosen = ref<string | null>(null);
  const compared = ref<string | null>(null);
  const current = computed(() => list.value.find(({ segmentation }) => segmentation === chosen.value));

  function set(segmentations: readonly Segmentation[]): void {
    list.value = [...segmentations];
    const known = (id: string | null) => list.value.some(({ segmentation }) => segmentation === id);
    if (!known(chosen.value)) chosen.value = list.value[0]?.segmentation ?? null;
    if (!known(compared.value)) compared.value = null;
  }

  function put(segmentation: Segmentation): void {
    const place = list.value.findIndex((other) => other.segmentation === segmentation.segmentation);
    if (place < 0) list.value.unshift(segmentation);
    else list.value[place] = segmentation;
  }

  return { list, chosen, compared, current, set, put };
});
