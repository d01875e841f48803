import type { Host } from '../host/host.ts';
import { useOverlayStore } from '../stores/overlay.ts';
import { useCameraStore } from '../stores/camera.ts';
import { useScreenStore } from '../stores/screen.ts';
import { useSegmentationStore } from '../stores/segmentations.ts';
import { useStudyStore } from '../stores/studies.ts';
import { useViewStore } from '../stores/view.ts';

/** Brings a study, and its first volume or the one named, to the viewer. */
export async function showStudy(host: Host, study: string, volume?: string): Promise<void> {
  const known = useStudyStore().find(study);
  const shown = volume ?? known?.volumes[0]?.volume;
  if (shown === undefined) return;
  const view = useViewStore();
  const isOther = view.study !== study;
  view.show(study, shown);
  useCameraStore().reset();
  useOverlayStore().reset();
  useScreenStore().show('viewer');
  if (isOther) await refreshSegmentations(host, study);
}

/** Asks for the segmentations of the study in the viewer. */
export async function refreshSegmentations(host: Host, study: string): Promise<void> {
  const segmentations = await host.ask('segmentations:list', { study });
  if (segmentations && useViewStore().study === study) useSegmentationStore().set(segmentations);
}
