import { defineStore } from 'pinia';
import { ref } from 'vue';

/** How the editing tools paint. The radius is a setting, kept with the others. */
export const useBrushStore = defineStore('brush', () => {
  const structure = ref(1);
  const tip = ref<'disc' | 'ball'>('disc');
  const overwrite = ref<'all' | 'background'>('all');
  const isLimited = ref(false);
  /** Image values that may be painted where `isLimited`. */
  const range = ref<{ low: number; high: number }>({ low: 0, high: 0 });
  return { structure, tip, overwrite, isLimited, range };
});
