import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { Study } from '../../main/contract/studies.ts';

/** The library as the host last told it, latest opened first. */
export const useStudyStore = defineStore('studies', () => {
  const list = ref<Study[]>([]);

  function set(studies: readonly Study[]): void {
    list.value = [...studies];
  }

  const find = (study: string) => list.value.find((other) => other.study === study);
  const ofVolume = (volume: string) =>
    list.value.find(({ volumes }) => volumes.some((other) => other.volume === volume));

  return { list, set, find, ofVolume };
});
