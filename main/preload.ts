// The only thing that the page gets of Electron: a way to ask the host, to hear its events, and to learn where a dropped file lies.

import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from './contract/bridge.ts';

const bridge: Bridge = {
  ask: (name, ask) => ipcRenderer.invoke('ask', name, ask),
  listen: (deliver) => {
    const listener = (_event: unknown, message: unknown): void => {
      deliver(message);
    };
    ipcRenderer.on('event', listener);
    return () => {
      ipcRenderer.removeListener('event', listener);
    };
  },
  pathOf: (file) => pathOf(file),
};

/** Electron before 32 puts the path on the file itself. */
function pathOf(file: File): string {
  const path: unknown = Reflect.get(file, 'path');
  return typeof path === 'string' && path !== '' ? path : webUtils.getPathForFile(file);
}

contextBridge.exposeInMainWorld('sfumato', bridge);
