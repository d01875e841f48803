import { computed, watchEffect } from 'vue';
import type { EditRules } from '../editing/labels.ts';
import { lockedLabels } from '../editing/structures.ts';
import { useEditing } from '../session/editing.ts';
import { useBrushStore } from '../stores/brush.ts';
import { useSegmentationStore } from '../stores/segmentations.ts';
import { useVolumeCache } from '../volumes/volumeCache.ts';

/** What the editing tools may change, as the person has set it. */
export function useEditRules() {
  const editing = useEditing();
  const brush = useBrushStore();
  const segmentations = useSegmentationStore();
  const cache = useVolumeCache();
  /** The image that was segmented: on the labels' own grid, whatever is looked at. */
  const image = computed(() => segmentations.current?.volume);
  watchEffect(() => {
    if (brush.isLimited && image.value !== undefined) void cache.open(image.value);
  });
  return computed<EditRules>(() => {
    const { isLimited, range, overwrite } = brush;
    const edited = editing.edited.value;
    const locked = lockedLabels(edited?.structures ?? []);
    if (!isLimited || !edited) return { locked, overwrite };
    const voxels = cache.ready.get(image.value ?? '')?.volume.data.subarray(0, edited.labels.data.length);
    // Until the image is here nothing is known to be in the range.
    if (!voxels) return { locked, overwrite: new Set() };
    return { locked, overwrite, range: { values: voxels, low: range.low, high: range.high } };
  });
}
