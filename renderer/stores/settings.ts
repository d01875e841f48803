import { defineStore } from 'pinia';
import { ref } from 'vue';
import { settingsSchema, type Settings } from '../../main/contract/application.ts';

/** What the person chose, as the host keeps it. `useSettings` keeps both the same. */
export const useSettingsStore = defineStore('settings', () => {
  const current = ref<Settings>(settingsSchema.parse({}));
  const change = (changes: Partial<Settings>): void => {
    current.value = { ...current.value, ...changes };
  };
  return { current, change };
});
