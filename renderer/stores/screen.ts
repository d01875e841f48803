import { defineStore } from 'pinia';
import { ref } from 'vue';

export type Screen = 'library' | 'viewer' | 'jobs' | 'training' | 'settings';

/** Which screen is shown. */
export const useScreenStore = defineStore('screen', () => {
  const current = ref<Screen>('library');
  const show = (screen: Screen): void => {
    current.value = screen;
  };
  return { current, show };
});
