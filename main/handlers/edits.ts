import type { Handlers } from '../contract/serve.ts';
import type { SegmentationShelf } from '../workspace/segmentations/shelf.ts';

export const editHandlers = ({ shelf }: { readonly shelf: SegmentationShelf }) =>
  ({
    'edits:append': async ({ segmentation, bytes }) => {
      const log = await shelf.editLog(segmentation);
      await log.append(new Uint8Array(bytes));
      return null;
    },
    'edits:load': async ({ segmentation }) => {
      const entries = await (await shelf.editLog(segmentation)).read();
      return { entries: entries.length, bytes: joined(entries) };
    },
  }) satisfies Partial<Handlers>;

/** Each entry after its length, 4 bytes, little-endian. */
function joined(entries: readonly Uint8Array[]): ArrayBuffer {
  const all = new Uint8Array(entries.reduce((sum, entry) => sum + 4 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    new DataView(all.buffer).setUint32(at, entry.length, true);
    all.set(entry, at + 4);
    at += 4 + entry.length;
  }
  return all.buffer;
}
