import { invariant } from '../../ml/check/invariant.ts';
import type { Segmentation } from '../../main/contract/segmentations.ts';
import type { Labels } from '../editing/labels.ts';
import { applyStep, type Edited, type Step } from '../editing/step.ts';
import { localVolume, type LoadedVolume } from '../volumes/loadedVolume.ts';

/** A segmentation as it is edited, with the volume that shows it: both hold the same voxels. */
export interface EditedSegmentation extends Edited {
  readonly segmentation: string;
  readonly mask: LoadedVolume;
}

function labelsOf({ volume }: LoadedVolume): Labels {
  const { data } = volume;
  invariant(data instanceof Uint8Array || data instanceof Uint16Array, 'masks are unsigned integers of 8 or 16 bits');
  return { ...volume, data };
}

/** Takes up the work where the log ends, on a copy: the volume stays as the host has it. @param steps Since it was written. */
export function openEdited(
  { segmentation, structures }: Segmentation,
  written: LoadedVolume,
  steps: readonly Step[],
): EditedSegmentation {
  const mask = localVolume(written.facts);
  mask.volume.data.set(written.volume.data);
  const begun: EditedSegmentation = { segmentation, mask, labels: labelsOf(mask), structures };
  const edited = withLabels(begun, steps.reduce<Edited>(applyStep, begun));
  edited.mask.touch();
  return edited;
}

/** After a step: the same volume, or a wider one where a label did not fit. */
export function withLabels(before: EditedSegmentation, { labels, structures }: Edited): EditedSegmentation {
  if (labels.data === before.labels.data) return { ...before, structures };
  const mask = localVolume({ ...before.mask.facts, dataType: 'uint16' });
  mask.volume.data.set(labels.data);
  return { ...before, mask, labels: labelsOf(mask), structures };
}
