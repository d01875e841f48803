import type { Host } from '../host/host.ts';
import type { Editing } from '../session/editing.ts';

/** Brings the host's files to what is shown: exports are made of them. @returns Whether they are. */
export async function writeSegmentation(host: Host, editing: Editing): Promise<boolean> {
  await editing.settled();
  const edited = editing.edited.value;
  if (!edited) return true;
  const { segmentation, labels, structures } = edited;
  const dataType = labels.data instanceof Uint8Array ? 'uint8' : 'uint16';
  const bytes = labels.data.slice().buffer;
  const named = await host.ask('segmentations:structures', { segmentation, structures: [...structures] });
  return named !== undefined && (await host.ask('segmentations:save', { segmentation, dataType, bytes })) !== undefined;
}
