import { protocol, utilityProcess } from 'electron';
import { join } from 'path';
import type { Channel, StartProcess } from '../compute/channel.ts';
import type { Variant } from './variant.ts';

/** Electron 25 and later: the host runs in the main process, its compute process is a utility process. */
export const modern: Variant = {
  serveScheme: (scheme, headers, serve) => {
    protocol.handle(scheme, async ({ url }) => {
      const served = await serve(new URL(url).pathname);
      if (served === undefined) return new Response(null, { status: 404, headers });
      const { type, bytes } = served;
      return new Response(new Uint8Array(bytes), { headers: { ...headers, 'content-type': type } });
    });
  },
  refuseNewWindows: (window) => {
    window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  },
  openHost: async ({ host }) => {
    const { openHost, defaultWorkspace } = await import('../host/embedded.ts');
    return openHost({
      workspace: defaultWorkspace(),
      door: 'electron',
      startProcess: utilityProcesses(join(host, 'main-compute-process.js')),
    });
  },
};

const utilityProcesses =
  (entry: string): StartProcess =>
  () => {
    const child = utilityProcess.fork(entry, [], { serviceName: 'Sfumato compute process' });
    return {
      get process() {
        return child.pid;
      },
      send: (message) => {
        child.postMessage(message);
      },
      onMessage: (listener) => {
        child.on('message', listener);
      },
      onEnd: (listener) => {
        child.on('exit', (code) => {
          listener(code, null);
        });
      },
      kill: () => {
        child.kill();
      },
    } satisfies Channel;
  };
