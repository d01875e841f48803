import { existsSync } from 'fs';
import { join, resolve } from 'path';
import { app, dialog, ipcMain, protocol, type BrowserWindow } from 'electron';
import { checks } from './contract/calls.ts';
import { chooseFiles } from './electron/dialogs.ts';
import { showMenu } from './electron/menu.ts';
import { modern } from './electron/modern.ts';
import { old } from './electron/old.ts';
import type { ShellHost } from './electron/shellHost.ts';
import { listPageFiles } from './server/pageFiles.ts';
import { contentSecurityPolicy } from './server/policy.ts';
import { isOwnPage, openWindow, pageScheme } from './window.ts';

const variant = Number.parseInt(process.versions.electron, 10) >= 25 ? modern : old;
const root = app.getAppPath();
/** Files that other processes open lie beside the archive. */
const unpacked = root.replace(/app\.asar$/, 'app.asar.unpacked');
const built = { pages: join(root, 'dist', 'renderer'), host: join(unpacked, 'dist', 'cli') };

protocol.registerSchemesAsPrivileged([
  { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

/** Files that were named on a command line, where options and, of an unpacked application, its own folder stand too. */
const pathsOf = (argv: readonly string[]): string[] =>
  argv
    .slice(1)
    .filter((word) => !word.startsWith('-') && existsSync(word))
    .map((word) => resolve(word))
    .filter((path) => path !== root);

function servePages(): void {
  const files = listPageFiles(built.pages);
  const headers = { 'content-security-policy': contentSecurityPolicy(), 'x-content-type-options': 'nosniff' };
  variant.serveScheme(pageScheme, headers, async (path) => {
    const file = files.get(path);
    return file && { type: file.type, bytes: Buffer.from(await file.read()) };
  });
}

/** Answers the window's calls: file dialogs here, all else by the host. */
function answerCalls(window: BrowserWindow, host: ShellHost): void {
  ipcMain.handle('ask', (event, name: unknown, ask: unknown) => {
    if (!isOwnPage(window, event) || typeof name !== 'string') throw new Error('refused');
    if (name !== 'files:choose') return host.answer(name, ask);
    return chooseFiles(window, checks['files:choose'].ask.parse(ask)).then((value) => ({ ok: true, value }));
  });
  host.listen((event) => {
    if (!window.isDestroyed()) window.webContents.send('event', event);
  });
}

async function start(): Promise<void> {
  await app.whenReady();
  servePages();
  const host = await variant.openHost(built);
  const files = {
    preload: join(root, 'dist', 'electron', 'preload.cjs'),
    icon: join(unpacked, 'resources', 'icon.png'),
    state: join(app.getPath('userData'), 'window.json'),
  };
  const window = openWindow(files, variant);
  answerCalls(window, host);
  const open = (paths: readonly string[]): void => {
    if (paths.length === 0 || window.isDestroyed()) return;
    for (const path of paths) app.addRecentDocument(path);
    window.webContents.send('event', { name: 'host:open', value: { paths } });
  };
  showMenu({
    open: (what) => {
      void chooseFiles(window, { what, title: 'Open', name: '' }).then(({ paths }) => {
        open(paths);
      });
    },
  });
  window.webContents.once('did-finish-load', () => {
    open(pathsOf(process.argv));
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    open([path]);
  });
  app.on('second-instance', (_event, argv) => {
    if (window.isMinimized()) window.restore();
    window.focus();
    open(pathsOf(argv));
  });
  endWith(host);
}

/** What runs is stopped, to be taken up at the next start, before the application ends. */
function endWith(host: ShellHost): void {
  let isClosed = false;
  app.on('window-all-closed', () => {
    app.quit();
  });
  app.on('before-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void host.close().finally(() => {
      isClosed = true;
      app.quit();
    });
  });
}

/** Says why there is no window: the workspace is open elsewhere, the disk is full. */
function giveUp(reason: unknown): void {
  dialog.showErrorBox('Sfumato cannot start', reason instanceof Error ? reason.message : String(reason));
  app.exit(1);
}

if (app.requestSingleInstanceLock()) start().catch(giveUp);
else app.quit();
