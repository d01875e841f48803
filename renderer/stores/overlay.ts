import { defineStore } from 'pinia';
import { ref } from 'vue';

export const heats = ['none', 'entropy', 'probability'] as const;
export type Heat = (typeof heats)[number];

/** What of a segmentation is drawn over the image. */
export const useOverlayStore = defineStore('overlay', () => {
  const visible = ref(true);
  const heat = ref<Heat>('none');
  /** Which class's probability is shown, its place in the model's labels. */
  const heatClass = ref(1);
  /** A sample, from 0; null: all of them together. */
  const sample = ref<number | null>(null);
  const allOutlines = ref(false);
  /** Where the shown segmentation and the compared one differ, in the place of the structures. */
  const difference = ref(false);
  const hidden = ref<number[]>([]);
  /** By structure, 0..1, times the opacity of all. */
  const opacities = ref<Record<number, number>>({});

  function toggleStructure(value: number): void {
    hidden.value = hidden.value.includes(value)
      ? hidden.value.filter((other) => other !== value)
      : [...hidden.value, value];
  }

  function reset(): void {
    sample.value = null;
    difference.value = false;
    hidden.value = [];
    opacities.value = {};
  }

  return { visible, heat, heatClass, sample, allOutlines, difference, hidden, opacities, toggleStructure, reset };
});
