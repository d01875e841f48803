import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { Vector3 } from '../../ml/volume/grid.ts';
import type { Planes } from '../slices/planes.ts';

export const slabModes = ['none', 'maximum', 'minimum', 'mean'] as const;
export type SlabMode = (typeof slabModes)[number];

/** What is looked at, and where. */
export const useViewStore = defineStore('view', () => {
  const study = ref<string | null>(null);
  const volume = ref<string | null>(null);
  /** A volume of another study, in panes beside the first. */
  const beside = ref<string | null>(null);
  /** A volume drawn over the first in colours. */
  const overlay = ref<string | null>(null);
  /** LPS mm; null until the volume is open. */
  const crosshair = ref<Vector3 | null>(null);
  /** Turned by hand; null while they lie along the voxels. */
  const planes = shallowRef<Planes | null>(null);
  const frame = ref(0);
  const slab = ref<{ mode: SlabMode; millimetres: number }>({ mode: 'none', millimetres: 10 });

  function show(nextStudy: string, nextVolume: string): void {
    if (study.value !== nextStudy) {
      beside.value = null;
      overlay.value = null;
    }
    study.value = nextStudy;
    volume.value = nextVolume;
    crosshair.value = planes.value = null;
    frame.value = 0;
  }

  function close(): void {
    study.value = volume.value = beside.value = overlay.value = crosshair.value = planes.value = null;
  }

  return { study, volume, beside, overlay, crosshair, planes, frame, slab, show, close };
});
