import { watch } from 'vue';
import type { VolumeFacts } from '../../main/contract/volumes.ts';
import type { Host } from '../host/host.ts';
import { refreshSegmentations } from '../flows/showStudy.ts';
import { useJobStore } from '../stores/jobs.ts';
import { useSegmentationStore } from '../stores/segmentations.ts';
import { useViewStore } from '../stores/view.ts';
import { localVolume, type LoadedVolume } from '../volumes/loadedVolume.ts';
import { viewArray } from '../volumes/typedArray.ts';
import { useVolumeCache } from '../volumes/volumeCache.ts';
import type { ShownSegmentation } from './shownSegmentation.ts';

/** A map of a running job on the grid of the image it segments. */
function mapVolume(image: VolumeFacts, dataType: VolumeFacts['dataType'], bytes: ArrayBuffer): LoadedVolume {
  const volume = localVolume({ ...image, dataType, channels: 1, components: 1 });
  volume.volume.data.set(viewArray(dataType, bytes));
  return volume;
}

/** Shows the mask of a running job as it grows, and its result when it is done. */
export function watchJobs(host: Host, shown: ShownSegmentation): void {
  const cache = useVolumeCache();
  const viewing = useViewStore();
  const jobs = useJobStore();

  host.on('segmentation:preview', ({ job }) => {
    if (job === shown.started.value?.job) void fetchPreview(job);
  });

  async function fetchPreview(job: string): Promise<void> {
    const started = shown.started.value;
    const image = started && cache.ready.get(started.volume);
    if (!image) return;
    const [mask, entropy] = await Promise.all([
      host.call('segmentations:preview', { job, map: 'mask' }),
      host.call('segmentations:preview', { job, map: 'entropy' }),
    ]);
    // Between asking and answering the job may have ended: its result is shown then.
    if (!mask.ok || shown.started.value?.job !== job) return;
    shown.preview.value = {
      structures: started.structures,
      mask: mapVolume(image.facts, mask.value.dataType, mask.value.bytes),
      entropy: entropy.ok ? mapVolume(image.facts, entropy.value.dataType, entropy.value.bytes) : undefined,
    };
  }

  watch(
    () => jobs.list.find(({ job }) => job === shown.started.value?.job),
    async (job) => {
      if (!job || ['waiting', 'running', 'paused'].includes(job.state)) return;
      shown.started.value = undefined;
      if (job.outcome?.kind === 'segmentation' && viewing.study === job.outcome.study) {
        await refreshSegmentations(host, job.outcome.study);
        useSegmentationStore().chosen = job.outcome.segmentation;
      }
      shown.preview.value = undefined;
    },
  );
}
