import { spawn } from 'child_process';
import { protocol, type BrowserWindow } from 'electron';
import { request } from 'http';
import { join } from 'path';
import { createInterface } from 'readline';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { Problem } from '../../ml/check/problem.ts';
import { packMessage, unpackMessage } from '../contract/message.ts';
import type { ShellHost } from './shellHost.ts';
import type { Variant } from './variant.ts';

/**
 * Electron before 25, whose Node cannot run the host: there the host is `sfumato serve` on the system's Node, and the window's calls go to it over
 * loopback.
 */
export const old: Variant = {
  serveScheme: (scheme, headers, serve) => {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- what replaces it came with Electron 25
    protocol.registerBufferProtocol(scheme, ({ url }, respond) => {
      void serve(new URL(url).pathname).then((served) => {
        if (served === undefined) respond({ statusCode: 404, headers: { ...headers }, data: Buffer.alloc(0) });
        else respond({ mimeType: served.type.split(';')[0]!, headers: { ...headers }, data: served.bytes });
      });
    });
  },
  refuseNewWindows: (window) => {
    onNewWindow(window, (event) => {
      event.preventDefault();
    });
  },
  openHost: ({ host }) => serveOnSystemNode(join(host, 'sfumato.js')),
};

/** The event was removed in Electron 22, and with it its type. */
function onNewWindow(window: BrowserWindow, listener: (event: { preventDefault(): void }) => void): void {
  const emitter: NodeJS.EventEmitter = window.webContents;
  emitter.on('new-window', listener);
}

const resultSchema = z.object({ event: z.literal('result'), origin: z.string(), token: z.string() });
const errorSchema = z.object({ event: z.literal('error'), what: z.string(), where: z.string(), remedy: z.string() });
type Address = z.infer<typeof resultSchema>;

async function serveOnSystemNode(entry: string): Promise<ShellHost> {
  const child = spawn(process.env['SFUMATO_NODE'] ?? 'node', [entry, 'serve', '--json'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const address = await new Promise<Address>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      reject(new Error(`the host ended with code ${code}`));
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message: unknown = JSON.parse(line);
      const result = resultSchema.safeParse(message);
      const { data: failure } = errorSchema.safeParse(message);
      if (result.success) resolve(result.data);
      else if (failure) reject(new Problem('data', failure.what, failure.where, failure.remedy));
    });
  });
  return {
    answer: (name, ask) => answerOver(address, name, ask),
    listen: (deliver) => {
      new WebSocket(`${address.origin.replace('http', 'ws')}/events`, ['sfumato', address.token]).addEventListener(
        'message',
        ({ data }) => {
          if (typeof data === 'string') deliver(JSON.parse(data));
        },
      );
    },
    close: () => {
      child.kill('SIGTERM');
      return Promise.resolve();
    },
  };
}

function answerOver({ origin, token }: Address, name: string, ask: unknown): Promise<unknown> {
  const [head, bytes] = packMessage(ask);
  const body = Buffer.concat([head, Buffer.from(bytes)]);
  const headers = { authorization: `Bearer ${token}`, 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const sent = request(`${origin}/calls/${name}`, { method: 'POST', headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const { statusCode } = response;
        // What the server refuses has no content. An error thrown here would be a dialog that stops the application.
        if (statusCode !== 200 && statusCode !== 422) {
          reject(new Error(`the server answers ${statusCode}`));
          return;
        }
        const content = unpackMessage(new Uint8Array(Buffer.concat(parts)).buffer);
        resolve(statusCode === 200 ? { ok: true, value: content } : { ok: false, problem: content });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
