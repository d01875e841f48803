import { computed, type Ref } from 'vue';
import { colourRamp } from '../slices/colour.ts';
import type { Layer } from '../slices/paint.ts';
import { emptyTable, fillTable, isTabled, windowRange, type Shading } from '../slices/shading.ts';
import { useGreyWindowStore } from '../stores/greyWindow.ts';
import { useViewStore } from '../stores/view.ts';
import { texts } from '../texts/english.ts';
import type { LoadedVolume } from '../volumes/loadedVolume.ts';
import { windowsOf } from './greyWindow.ts';

const ramps = { upright: colourRamp('grey'), inverted: colourRamp('inverted grey') };

/** Slices of a slab that are read while it moves; all are when it rests. */
const movingSlices = 7;

/**
 * How a volume's own values are painted: its grey window, its slab, its frame.
 *
 * @param isMoving Whether the slices are being gone through.
 * @param isTurned Whether pixels lie between voxels.
 */
export function useImageLayer(loaded: Ref<LoadedVolume>, isMoving: Ref<boolean>, isTurned: Ref<boolean>) {
  const windows = useGreyWindowStore();
  const viewing = useViewStore();

  const greyWindow = computed(() => {
    const { facts } = loaded.value;
    const [first] = windowsOf(facts, { automatic: texts.viewer.presetAutomatic, full: texts.viewer.presetFull });
    return windows.byVolume[facts.volume] ?? first;
  });
  const shading = computed<Shading>(() => {
    const { inverted, padding } = loaded.value.facts;
    const { centre, width } = greyWindow.value;
    const ramp = inverted ? ramps.inverted : ramps.upright;
    return { ...windowRange(centre, width), ramp, padding: padding ?? undefined };
  });
  const channel = computed(() => {
    const { channels, components } = loaded.value.facts;
    return Math.min(viewing.frame, channels / components - 1) * components;
  });

  /** One table a pane, filled anew for each window. */
  const table = computed(() => {
    const { data } = loaded.value.volume;
    return isTabled(data) ? emptyTable(data) : undefined;
  });

  const layer = computed<Layer>(() => {
    const { volume, facts } = loaded.value;
    if (facts.components === 3 && isTabled(volume.data)) return { kind: 'colour', volume, channel: channel.value };
    const { mode, millimetres } = viewing.slab;
    const mostSlices = mode !== 'none' && isMoving.value ? movingSlices : undefined;
    const slab = mode === 'none' ? undefined : { projection: mode, thickness: millimetres, mostSlices };
    if (slab === undefined && !isTurned.value && table.value && isTabled(volume.data)) {
      fillTable(table.value, volume.data, shading.value);
      return { kind: 'table', volume: { ...volume, data: volume.data }, channel: channel.value, table: table.value };
    }
    return { kind: 'values', volume, channel: channel.value, shading: shading.value, interpolation: 'linear', slab };
  });
  return { layer, greyWindow, channel };
}
