import { defineStore } from 'pinia';
import { computed, ref } from 'vue';

export const viewingTools = ['crosshair', 'window', 'pan', 'zoom'] as const;
export const measuringTools = ['length', 'angle', 'area'] as const;
export const editingTools = ['brush', 'eraser', 'fill', 'island'] as const;
export const tools = [...viewingTools, ...measuringTools, ...editingTools] as const;
export type Tool = (typeof tools)[number];

const includes = (list: readonly string[], tool: Tool): boolean => list.includes(tool);

/** What the left button does in a slice. */
export const useToolStore = defineStore('tool', () => {
  const current = ref<Tool>('crosshair');
  const isEditing = computed(() => includes(editingTools, current.value));
  const isBrush = computed(() => current.value === 'brush' || current.value === 'eraser');
  const take = (tool: Tool): void => {
    current.value = tool;
  };
  return { current, isEditing, isBrush, take };
});
