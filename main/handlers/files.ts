import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Answer } from '../contract/calls.ts';
import type { Handlers } from '../contract/serve.ts';
import { fileProblem } from '../files/fileProblem.ts';
import type { Uploads } from '../workspace/uploads/uploads.ts';

export const fileHandlers = ({ uploads }: { readonly uploads: Uploads }) =>
  ({
    // Electron's window answers this one itself.
    'files:choose': () => ({ native: false, paths: [] }),
    'files:browse': ({ folder }) => browse(resolve(folder ?? homedir())),
    'uploads:begin': async () => ({ upload: await uploads.begin() }),
    'uploads:add': async ({ upload, name, offset, bytes }) => {
      await uploads.add(upload, name, offset, bytes);
      return null;
    },
    'uploads:finish': async ({ upload }) => ({ path: await uploads.finish(upload) }),
  }) satisfies Partial<Handlers>;

type Entry = Answer<'files:browse'>['entries'][number];

/** Folders first, then files, by name; hidden ones are left out. */
async function browse(folder: string): Promise<Answer<'files:browse'>> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw fileProblem(error, folder);
  });
  const visible = names.filter((name) => !name.startsWith('.')).sort((a, b) => a.localeCompare(b));
  const found = await Promise.all(visible.map((name) => entryOf(folder, name)));
  const entries = found.filter((entry) => entry !== undefined);
  const only = (kind: Entry['kind']) => entries.filter((entry) => entry.kind === kind);
  const parent = dirname(folder);
  return { folder, parent: parent === folder ? null : parent, entries: [...only('folder'), ...only('file')] };
}

/** Undefined for what is neither folder nor file, or may not be looked at. */
async function entryOf(folder: string, name: string): Promise<Entry | undefined> {
  const path = join(folder, name);
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isDirectory() === true) return { name, path, kind: 'folder', bytes: null };
  return facts?.isFile() === true ? { name, path, kind: 'file', bytes: facts.size } : undefined;
}
