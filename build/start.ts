// `npm start`: the application in the best window that this computer has, and a word about which and why.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { findBrowser, findElectron, hasDisplay } from './start/findProgram.ts';
import { isStale } from './start/isStale.ts';

const root = resolve(import.meta.dirname, '..');
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Chromium refuses its sandbox to the superuser, who is at home in containers alone. */
const superuser = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

function build(built: string, sources: readonly string[], config: string, mode = 'production'): void {
  const folders = sources.map((source) => join(root, source));
  if (!isStale(join(root, built), folders)) return;
  say(`Building ${built} ...`);
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', '--config', join(root, 'build', config), '--mode', mode, '--logLevel', 'warn'];
  execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
}

async function openElectron(electron: string): Promise<void> {
  build('dist/cli/sfumato.js', ['main', 'ml'], 'vite.cli.config.ts');
  build('dist/electron/main.cjs', ['main'], 'vite.electron.config.ts', 'main');
  build('dist/electron/preload.cjs', ['main'], 'vite.electron.config.ts', 'preload');
  say(`Electron: ${electron}`);
  await ended(spawn(electron, [...superuser, root, ...process.argv.slice(2)], { stdio: 'inherit' }));
}

const resultSchema = z.object({ event: z.literal('result'), address: z.string() });

/** Starts `sfumato serve` and gives the address it prints. */
async function serve(): Promise<{ readonly server: ChildProcess; readonly address: string }> {
  const entry = join(root, 'main', 'cli', 'sfumato.mjs');
  const server = spawn(process.execPath, [entry, 'serve', '--json', ...process.argv.slice(2)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const result = resultSchema.safeParse(JSON.parse(line));
    if (result.success) return { server, address: result.data.address };
  }
  throw new Error('the server ended before it printed its address');
}

async function openBrowser(browser: string): Promise<void> {
  const { server, address } = await serve();
  // A profile of its own: no extension sees the page, and closing the window is the end.
  const profile = mkdtempSync(join(tmpdir(), 'sfumato-window-'));
  const options = [
    `--app=${address}`,
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--disable-background-networking',
  ];
  await ended(spawn(browser, [...superuser, ...options], { stdio: 'ignore' }));
  server.kill('SIGTERM');
  await ended(server);
  rmSync(profile, { recursive: true, force: true });
}

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
};

build('dist/renderer/index.html', ['renderer', 'main/contract'], 'vite.renderer.config.ts');
const electron = findElectron(root, process.env);
const browser = findBrowser(process.env);
if (!hasDisplay(process.env)) {
  const { server, address } = await serve();
  say(`This computer has no display. Open ${address} in a browser here, or through a tunnel. Ctrl-C ends it.`);
  await ended(server);
} else if (electron !== undefined) {
  await openElectron(electron);
} else if (browser !== undefined) {
  say(`Electron's binary is not installed (npx install-electron fetches it), so ${browser} shows the window.`);
  await openBrowser(browser);
} else {
  const { server, address } = await serve();
  say(`Neither Electron's binary nor Chromium is installed. Open ${address} in your browser. Ctrl-C ends it.`);
  await ended(server);
}
