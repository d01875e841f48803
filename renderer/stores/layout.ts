import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { Settings } from '../../main/contract/application.ts';

export type Layout = Settings['layout'];
/** In the order of their keys. `row`: the three planes side by side; `volume`: 3-D alone. */
export const layouts = ['four', 'axial', 'coronal', 'sagittal', 'volume', 'row'] as const satisfies readonly Layout[];

export type PaneName = 'axial' | 'coronal' | 'sagittal' | 'volume';

/** Which panes a layout shows, in reading order. */
export const panesOf: Readonly<Record<Layout, readonly PaneName[]>> = {
  four: ['axial', 'volume', 'coronal', 'sagittal'],
  axial: ['axial'],
  coronal: ['coronal'],
  sagittal: ['sagittal'],
  volume: ['volume'],
  row: ['axial', 'coronal', 'sagittal'],
};

export const panels = ['segment', 'structures', 'measure', 'information'] as const;
export type Panel = (typeof panels)[number];

/** How the viewer divides its room. */
export const useLayoutStore = defineStore('layout', () => {
  const layout = ref<Layout>('four');
  const panel = ref<Panel>('segment');
  const panelOpen = ref(true);
  const before = ref<Layout>('four');

  function show(next: Layout): void {
    if (layout.value !== next) before.value = layout.value;
    layout.value = next;
  }

  /** Makes one pane fill the viewer; a second time gives the room back. */
  function toggle(next: Layout): void {
    show(layout.value === next ? before.value : next);
  }

  return { layout, panel, panelOpen, show, toggle };
});
