// Electron's window uses this too. Its oldest Node has no `fs/promises`, and there a folder in an archive listed with the types of its entries
// is empty.

import { existsSync, lstatSync, promises, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

export interface PageFile {
  readonly type: string;
  read(): Promise<Uint8Array>;
}

/**
 * The files of the built interface by the path they are asked for. Only what is on this list is ever given: no name that anybody sends is
 * made into a path.
 */
export function listPageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  addFiles(files, folder, '/');
  const index = files.get('/index.html');
  if (index !== undefined) files.set('/', index);
  return files;
}

function addFiles(files: Map<string, PageFile>, folder: string, prefix: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const type = types[extname(name)];
    const entry = lstatSync(path);
    if (entry.isDirectory()) addFiles(files, path, `${prefix}${name}/`);
    else if (entry.isFile() && type !== undefined)
      files.set(prefix + name, { type, read: () => promises.readFile(path) });
  }
}
