import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import CDP from 'chrome-remote-interface';
import { onTestFinished } from 'vitest';
import type { TestElectron } from '../../support/electron.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const root = resolve(import.meta.dirname, '../../..');

/** The real application in a real Electron on a screen of its own. */
export interface Desktop {
  /** Evaluates in the page, awaits, and gives what comes out as JSON; fails where that takes longer than `seconds`, 10 unless said. */
  readonly evaluate: (expression: string, seconds?: number) => Promise<unknown>;
  /** Waits until an expression holds in the page. */
  readonly until: (expression: string) => Promise<void>;
  readonly screenshot: (path: string) => Promise<void>;
  /** Windows and pages that there are. */
  readonly targets: () => Promise<number>;
  readonly home: string;
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
}

function build(config: string, ...args: string[]): void {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  execFileSync(
    process.execPath,
    [vite, 'build', '--config', join(root, 'build', config), '--logLevel', 'error', ...args],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

/** Builds page, shell and host. @returns The folder of the page, in `dist`. */
export function buildAll({ isOld }: TestElectron): string {
  build('vite.cli.config.ts');
  build('vite.electron.config.ts', '--mode', 'main');
  build('vite.electron.config.ts', '--mode', 'preload');
  build(isOld ? 'vite.compatible.config.ts' : 'vite.renderer.config.ts');
  return isOld ? 'renderer-compatible' : 'renderer';
}

/** What packaging would put together, as a folder. */
export function layOut(pages: string, folder: string): void {
  mkdirSync(join(folder, 'dist'));
  cpSync(join(root, 'dist', pages), join(folder, 'dist', 'renderer'), { recursive: true });
  cpSync(join(root, 'dist', 'electron'), join(folder, 'dist', 'electron'), { recursive: true });
  symlinkSync(join(root, 'dist', 'cli'), join(folder, 'dist', 'cli'));
  cpSync(join(root, 'resources', 'icon.png'), join(folder, 'resources', 'icon.png'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'sfumato', main: 'dist/electron/main.cjs' }));
}

/** An unpacked package, as `build/electron-builder.yml` says, around the Electron of the tests and with its page. @returns Its binary. */
export function packageAll({ binary, isOld }: TestElectron, pages: string, folder: string): string {
  const config = join(folder, 'config.json');
  const pageFiles = isOld ? ['!dist/renderer/**', { from: `dist/${pages}`, to: 'dist/renderer' }] : [];
  const own = { electronDist: dirname(binary), ...(isOld ? { electronVersion: '9.4.1' } : {}) };
  const output = join(folder, 'packages');
  const extended = {
    extends: join(root, 'build', 'electron-builder.yml'),
    ...own,
    directories: { output },
    files: pageFiles,
  };
  writeFileSync(config, JSON.stringify(extended));
  const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
  execFileSync(process.execPath, [builder, '--linux', 'dir', '--config', config], { cwd: root, stdio: 'ignore' });
  return join(output, `linux${process.arch === 'arm64' ? '-arm64' : ''}-unpacked`, 'sfumato');
}

let screens = 0;

/** A screen of its own, under a number that no other test of this computer takes. */
async function openScreen(): Promise<string> {
  const number = 1000 + (process.pid % 10_000) * 10 + (screens++ % 10);
  const xvfb = spawn('Xvfb', [`:${number}`, '-noreset', '-screen', '0', '1500x950x24'], { stdio: 'ignore' });
  onTestFinished(() => {
    xvfb.kill();
  });
  while (!existsSync(`/tmp/.X11-unix/X${number}`)) await wait(50);
  return `:${number}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const wait = (milliseconds: number) => new Promise((resolved) => setTimeout(resolved, milliseconds));

/** An application that shows a dialog answers nothing any more: no test waits for it without end. */
const within = <Value>(answered: Promise<Value>, seconds: number, what: string): Promise<Value> =>
  Promise.race([
    answered,
    wait(seconds * 1000).then(() => {
      throw new Error(`no answer within ${seconds} s: ${what}`);
    }),
  ]);

/** @param args The folder of the application, where the binary does not hold it, and files to open. */
export async function startDesktop(binary: string, args: readonly string[]): Promise<Desktop> {
  const screen = await openScreen();
  const home = temporaryFolder();
  const port = await freePort();
  const options = ['--no-sandbox', `--remote-debugging-port=${port}`, `--user-data-dir=${join(home, 'electron')}`];
  const child = spawn(binary, [...options, ...args], {
    env: { ...process.env, DISPLAY: screen, SFUMATO_HOME: home, SFUMATO_NODE: process.execPath },
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((resolved) => child.on('exit', resolved));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await Promise.race([ended, wait(5000)]);
    child.kill('SIGKILL');
  });
  const client = await connect(port);
  const { Runtime, Page } = client;
  const evaluate = async (expression: string, seconds = 10): Promise<unknown> => {
    const answered = Runtime.evaluate({ expression, awaitPromise: true, returnByValue: true });
    const { result, exceptionDetails } = await within(answered, seconds, expression);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  return {
    evaluate,
    until: async (expression) => {
      for (const end = Date.now() + 30_000; (await evaluate(expression)) !== true; await wait(200))
        if (Date.now() > end) throw new Error(`it never held: ${expression}`);
    },
    screenshot: async (path) => {
      const { data } = await within(Page.captureScreenshot({}), 10, 'a screenshot');
      writeFileSync(path, Buffer.from(data, 'base64'));
    },
    targets: async () => (await within(CDP.List({ port }), 10, 'the windows')).length,
    home,
    process: child,
    ended,
  };
}

async function connect(port: number): Promise<CDP.Client> {
  for (let tries = 0; ; tries++) {
    try {
      const [page] = (await within(CDP.List({ port }), 10, 'the windows')).filter(({ url }) =>
        url.startsWith('sfumato:'),
      );
      if (page !== undefined) return await CDP({ port, target: page });
    } catch (error) {
      if (tries > 100) throw error;
    }
    if (tries > 150) throw new Error('the window never opened');
    await wait(200);
  }
}
