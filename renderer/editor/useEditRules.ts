import { computed } from 'vue';
import type { EditRules } from '../editing/labels.ts';
import { lockedLabels } from '../editing/structures.ts';
import { useBrushStore } from '../stores/brush.ts';
import { useViewStore } from '../stores/view.ts';
import { useEditing } from '../session/editing.ts';
import { useVolumeCache } from '../volumes/volumeCache.ts';

/** What the editing tools may change, as the person has set it. */
export function useEditRules() {
  const editing = useEditing();
  const brush = useBrushStore();
  const viewing = useViewStore();
  const cache = useVolumeCache();
  return computed<EditRules>(() => {
    const edited = editing.edited.value;
    const image = viewing.volume === null ? undefined : cache.ready.get(viewing.volume)?.volume;
    const { isLimited, range, overwrite } = brush;
    const values = image?.data.subarray(0, edited?.labels.data.length ?? 0);
    return {
      locked: lockedLabels(edited?.structures ?? []),
      overwrite,
      range: isLimited && values ? { values, low: range.low, high: range.high } : undefined,
    };
  });
}
