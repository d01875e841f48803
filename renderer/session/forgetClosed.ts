import { watchEffect } from 'vue';
import { useSegmentationStore } from '../stores/segmentations.ts';
import { useStudyStore } from '../stores/studies.ts';
import { useViewStore } from '../stores/view.ts';
import { useVolumeCache } from '../volumes/volumeCache.ts';

/** Lets go of the voxels of studies and segmentations that are not open any more. */
export function forgetClosed(): void {
  const cache = useVolumeCache();
  const view = useViewStore();
  const studies = useStudyStore();
  const segmentations = useSegmentationStore();

  watchEffect(() => {
    const images = studies.find(view.study ?? '')?.volumes.map(({ volume }) => volume) ?? [];
    const shown = segmentations.list.filter(
      ({ segmentation }) => segmentation === segmentations.chosen || segmentation === segmentations.compared,
    );
    const maps = shown.flatMap((segmentation) => Object.values(segmentation.maps));
    const open = [...images, view.volume, view.beside, view.overlay, ...maps];
    cache.keepOnly(new Set(open.filter((id) => id !== null)));
  });
}
