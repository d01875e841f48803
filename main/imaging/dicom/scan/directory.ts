import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DicomObject } from '../object.ts';
import { tags } from '../tags.ts';
import { fileEntry, type Entry } from './entry.ts';

const mediaStorageDirectory = '1.2.840.10008.1.3.10';

/** Whether an object is a DICOMDIR (PS3.10 section 8.6). */
export function isDirectory({ meta, dataset }: DicomObject): boolean {
  return (
    meta.text(tags.MediaStorageSOPClassUID) === mediaStorageDirectory ||
    dataset.items(tags.DirectoryRecordSequence).length > 0
  );
}

/** The files that a DICOMDIR names, beside it or in folders below, and how many of them are not there. */
export async function entriesOfDirectory({
  path,
  dataset,
}: DicomObject): Promise<{ entries: Entry[]; missing: number }> {
  const names = dataset
    .items(tags.DirectoryRecordSequence)
    .map((record) => record.texts(tags.ReferencedFileID).filter((part) => part !== ''))
    // The standard knows no way out of the folder, and a file that names one means no good.
    .filter((parts) => parts.length > 0 && parts.every((part) => !/^\.+$|[/\\]/.test(part)));
  const entries: Entry[] = [];
  for (const parts of names) {
    const found = await firstThere(
      [parts, parts.map((part) => part.toLowerCase())].map((one) => join(dirname(path), ...one)),
    );
    if (found !== undefined) entries.push(fileEntry(found));
  }
  return { entries, missing: names.length - entries.length };
}

/** Names are in capitals on the medium, and copying may have made them small. */
async function firstThere(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths)
    if (
      await lstat(path).then(
        (facts) => !facts.isDirectory(),
        () => false,
      )
    )
      return path;
  return undefined;
}
