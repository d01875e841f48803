import type { Host } from '../host/host.ts';

/** A dropped file, with its path inside what was dropped. */
export interface DroppedFile {
  readonly name: string;
  readonly file: File;
}

const pieceBytes = 16 * 2 ** 20;

/** Everything in what was dropped on the window, folders walked through. */
export async function droppedFiles(items: DataTransferItemList): Promise<readonly DroppedFile[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return (await Promise.all(entries.map((entry) => filesOf(entry, '')))).flat();
}

async function filesOf(entry: FileSystemEntry, folder: string): Promise<readonly DroppedFile[]> {
  const name = `${folder}${entry.name}`;
  if (entry instanceof FileSystemFileEntry) {
    const file = await new Promise<File>((resolve, reject) => {
      entry.file(resolve, reject);
    });
    return [{ name, file }];
  }
  if (!(entry instanceof FileSystemDirectoryEntry)) return [];
  const reader = entry.createReader();
  const files: DroppedFile[] = [];
  // A reader gives at most 100 entries at a time, and none when all were given.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (entries.length === 0) return files;
    for (const child of entries) files.push(...(await filesOf(child, `${name}/`)));
  }
}

/** A browser knows no paths of dropped files: they are handed to the host, which says where it put them. */
export async function uploadFiles(host: Host, files: readonly DroppedFile[]): Promise<string | undefined> {
  const begun = await host.ask('uploads:begin', {});
  if (!begun) return undefined;
  const { upload } = begun;
  for (const { name, file } of files) {
    for (let offset = 0; offset === 0 || offset < file.size; offset += pieceBytes) {
      const bytes = await file.slice(offset, offset + pieceBytes).arrayBuffer();
      const added = await host.ask('uploads:add', { upload, name, offset, bytes });
      if (added === undefined) return undefined;
    }
  }
  return (await host.ask('uploads:finish', { upload }))?.path;
}
