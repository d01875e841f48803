import { BrowserWindow, session } from 'electron';
import { keepWindowState, readWindowState } from './electron/windowState.ts';
import type { Variant } from './electron/variant.ts';

/** Where the page lives: nothing else is ever loaded. */
export const pageScheme = 'sfumato';
const pageOrigin = `${pageScheme}://app/`;

interface WindowFiles {
  readonly preload: string;
  readonly icon: string;
  readonly state: string;
}

/** The one window: its page has no Node, goes nowhere, opens nothing and is granted nothing. */
export function openWindow({ preload, icon, state }: WindowFiles, variant: Variant): BrowserWindow {
  const { maximized, x, y, width, height } = readWindowState(state);
  const window = new BrowserWindow({
    width,
    height,
    ...(x === null || y === null ? {} : { x, y }),
    minWidth: 800,
    minHeight: 600,
    show: false,
    icon,
    backgroundColor: '#121417',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
  keepWindowState(window, state);
  lockDown(window, variant);
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  void window.loadURL(`${pageOrigin}index.html`);
  return window;
}

/** Whether a message comes from the page itself and from no frame within. */
export function isOwnPage(window: BrowserWindow, sender: Electron.IpcMainInvokeEvent): boolean {
  // Electron before 17 knows no frames of senders.
  const frame = 'senderFrame' in sender ? sender.senderFrame : undefined;
  const url = frame?.url ?? sender.sender.getURL();
  const isTop = frame === undefined || frame?.parent === null;
  return sender.sender === window.webContents && isTop && url.startsWith(pageOrigin);
}

function lockDown(window: BrowserWindow, variant: Variant): void {
  const { webContents } = window;
  for (const event of ['will-navigate', 'will-attach-webview'] as const) {
    const emitter: NodeJS.EventEmitter = webContents;
    emitter.on(event, (details: { preventDefault(): void }) => {
      details.preventDefault();
    });
  }
  variant.refuseNewWindows(window);
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => {
    decide(false);
  });
  defaultSession.setPermissionCheckHandler(() => false);
  // Whatever the page's policy says: no request leaves this computer.
  defaultSession.webRequest.onBeforeRequest(({ url }, decide) => {
    decide({ cancel: !/^(sfumato|blob|data|devtools):/.test(url) });
  });
}
