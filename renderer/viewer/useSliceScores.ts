import { computed, shallowRef, watch } from 'vue';
import { boundaryBand } from '../../ml/uncertainty/region.ts';
import { viewScores } from '../slices/review.ts';
import { alignedView, type ViewName } from '../slices/view.ts';
import type { ShownSegmentation } from '../session/shownSegmentation.ts';

export type SliceScores = Readonly<Partial<Record<ViewName, Float64Array>>>;

/** How unsure the shown segmentation is in each slice of each plane: the host's numbers, so that strip and report agree. */
export function useSliceScores(shown: ShownSegmentation) {
  const scores = shallowRef<SliceScores>({});
  const source = computed(() => ({ mask: shown.mask.value, entropy: shown.entropy.value }));

  watch(
    source,
    async () => {
      const { mask, entropy } = source.value;
      scores.value = {};
      if (!mask || !entropy || !(await mask.whole) || !(await entropy.whole)) return;
      if (source.value.entropy !== entropy || !(entropy.volume.data instanceof Float32Array)) return;
      const { grid } = mask.volume;
      const { data } = entropy.volume;
      const band = boundaryBand(mask.volume.data, grid);
      const of = (plane: ViewName) => viewScores(alignedView(grid, plane), grid, band, data);
      scores.value = { axial: of('axial'), coronal: of('coronal'), sagittal: of('sagittal') };
    },
    { immediate: true },
  );
  return scores;
}
