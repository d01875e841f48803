import { request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { checks, type CallName } from '../../../main/contract/calls.ts';
import { packMessage } from '../../../main/contract/message.ts';
import type { Server } from '../../../main/server/server.ts';
import { testServer } from './testServer.ts';

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Sends exactly what is said: `fetch` would not let a page lie about its host. */
async function send(server: Server, { method = 'POST', path = '/calls/jobs:list', headers = {}, body }: Sent) {
  const length = 'transfer-encoding' in headers ? {} : { 'content-length': String(body?.length ?? 0) };
  const own = { authorization: `Bearer ${server.token}`, ...length };
  const { port } = new URL(server.origin);
  const sent = request({ host: '127.0.0.1', port, method, path, headers: { ...own, ...headers } });
  sent.on('error', () => undefined);
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, text: await text(response) };
}

const empty = new Uint8Array(packMessage({})[0]);
const answers = async (server: Server) => (await send(server, { body: empty })).status === 200;

describe('the server', () => {
  it('answers nobody without its token', async () => {
    const { server } = await testServer();
    for (const authorization of ['', 'Bearer', 'Bearer x', `Bearer ${server.token}x`, `Basic ${server.token}`])
      expect((await send(server, { headers: { authorization }, body: empty })).status).toBe(401);
    expect(await answers(server)).toBe(true);
  });

  it('refuses another host and another origin, token or not', async () => {
    const { server } = await testServer();
    const { port } = new URL(server.origin);
    for (const headers of [
      { host: 'evil.example' },
      { host: `evil.example:${port}` },
      { host: '127.0.0.1' },
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${Number(port) + 1}` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      expect((await send(server, { headers, body: empty })).status).toBe(403);
      expect((await send(server, { method: 'GET', path: '/', headers })).status).toBe(403);
    }
    expect((await send(server, { headers: { origin: server.origin }, body: empty })).status).toBe(200);
  });

  it('gives the files of the page, with its policy, and no other file', async () => {
    const { server } = await testServer();
    const page = await send(server, { method: 'GET', path: '/' });
    expect(page).toMatchObject({ status: 200, text: '<title>page</title>' });
    expect(page.headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'; script-src 'self';") as string,
      'x-content-type-options': 'nosniff',
    });
    expect(page.headers).not.toHaveProperty('access-control-allow-origin');
    expect((await send(server, { method: 'GET', path: '/assets/a.js' })).text).toBe('1');
    for (const path of [
      '/../secret.html',
      '/%2e%2e/secret.html',
      '/assets/../../secret.html',
      '/assets/..%2f..%2fsecret.html',
      '//secret.html',
      '/..\\secret.html',
      '/index.html\0',
      '/calls/jobs:list',
    ].map((one) => one.replace('\0', '%00')))
      expect(await send(server, { method: 'GET', path })).toMatchObject({ status: 404, text: '' });
  });

  it('refuses what is too long, of no length, or no message', async () => {
    const { server } = await testServer();
    const statusOf = async (sent: Sent) => (await send(server, sent)).status;
    expect(await statusOf({ headers: { 'content-length': String(2 ** 20 + 1) } })).toBe(413);
    // Node itself refuses a length that is no number it knows.
    expect(await statusOf({ headers: { 'content-length': '99999999999999999999' } })).toBe(400);
    expect(await statusOf({ headers: { 'transfer-encoding': 'chunked' }, body: empty })).toBe(413);
    expect(await statusOf({ body: new Uint8Array(0) })).toBe(400);
    expect(await statusOf({ body: Uint8Array.of(255, 255, 255, 255, 1) })).toBe(400);
    expect(await statusOf({ path: '/calls/constructor:constructor', body: empty })).toBe(404);
    expect(await statusOf({ method: 'PUT', body: empty })).toBe(405);
    expect(await answers(server)).toBe(true);
  });

  it('opens its events to nobody else, and hears nothing on them', async () => {
    const { server } = await testServer();
    const url = `${server.origin.replace('http', 'ws')}/events`;
    const outcome = async (protocols: string[], options = {}) => {
      const socket = new WebSocket(url, protocols, options);
      return new Promise<WebSocket | 'refused'>((resolve) => {
        socket.once('open', () => {
          resolve(socket);
        });
        socket.once('error', () => {
          resolve('refused');
        });
      });
    };
    expect(await outcome(['sfumato', 'x'])).toBe('refused');
    expect(await outcome([server.token])).toBe('refused');
    expect(await outcome(['sfumato', server.token], { origin: 'http://evil.example' })).toBe('refused');
    const socket = await outcome(['sfumato', server.token]);
    if (socket === 'refused') throw new Error('the page itself was refused');
    socket.send('jobs:list');
    const code = await new Promise((closed) => socket.once('close', closed));
    expect(code).toBe(1008);
  });

  it('answers any message to any call in order, and lives on', async () => {
    const { server } = await testServer();
    const names = Object.keys(checks) as CallName[];
    // What writes outside the workspace when it is asked well is not asked at random.
    const value = fc.oneof(
      fc.jsonValue(),
      fc.record({ study: fc.string(), job: fc.string(), volume: fc.string(), bytes: fc.nat() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), value, fc.uint8Array(), async (name, message, tail) => {
        const body = Buffer.concat([packMessage(message)[0], tail]);
        const { status } = await send(server, { path: `/calls/${name}`, body });
        expect([200, 422]).toContain(status);
      }),
      { numRuns: 300 },
    );
    expect(await answers(server)).toBe(true);
  });
});
