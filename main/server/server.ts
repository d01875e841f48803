import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { invariant } from '../../ml/check/invariant.ts';
import { Problem } from '../../ml/check/problem.ts';
import { isCallName } from '../contract/calls.ts';
import { packMessage, unpackMessage } from '../contract/message.ts';
import { errorCode } from '../files/fileProblem.ts';
import type { Host } from '../host/host.ts';
import { hasOwnHost, hasOwnOrigin, isToken } from './guard.ts';
import { listPageFiles, type PageFile } from './pageFiles.ts';
import { contentSecurityPolicy } from './policy.ts';
import { mostBytes, readBody } from './readBody.ts';

export interface ServerSettings {
  readonly host: Host;
  /** Folder of the built interface. */
  readonly pages: string;
  /** 0: any that is free. */
  readonly port: number;
}

export interface Server {
  readonly origin: string;
  readonly token: string;
  /** What to open: the token stands behind `#`, which no browser sends to anyone. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves the interface and its calls on loopback. Whoever knows the token, which is made anew at every start, is the person; everybody else gets
 * nothing but the page's own public files.
 *
 * @throws Problem 'usage' where the port is taken.
 */
export async function startServer({ host, pages, port: asked }: ServerSettings): Promise<Server> {
  const token = randomBytes(32).toString('hex');
  const door = new Door(host, pages, token);
  const server = createServer((request, response) => {
    void door.handle(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    door.upgrade(request, socket, head);
  });
  server.listen(asked, '127.0.0.1');
  await once(server, 'listening').catch((error: unknown) => {
    if (errorCode(error) !== 'EADDRINUSE' && errorCode(error) !== 'EACCES') throw error;
    throw new Problem('usage', 'this port cannot be used', `--port ${asked}`, 'Choose another, or none.', {
      cause: error,
    });
  });
  const bound = server.address();
  invariant(bound !== null && typeof bound !== 'string', 'the server listens on a port');
  const { port } = bound;
  door.port = port;
  const origin = `http://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    door.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { origin, token, address: `${origin}/#token=${token}`, close };
}

class Door {
  port = 0;
  readonly #host: Host;
  readonly #pages: string;
  readonly #token: string;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: 1024, handleProtocols: () => 'sfumato' });
  #files: ReadonlyMap<string, PageFile> = new Map();

  constructor(host: Host, pages: string, token: string) {
    this.#host = host;
    this.#pages = pages;
    this.#token = token;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(this.#headers())) response.setHeader(name, value);
    try {
      if (!hasOwnHost(request, this.port) || !hasOwnOrigin(request)) refuse(response, 403);
      else if (request.method === 'POST') await this.#call(request, response);
      else if (request.method === 'GET') await this.#page(request, response);
      else refuse(response, 405);
    } catch {
      // The other side hung up, or sent what is no message.
      if (!response.headersSent) refuse(response, 400);
    }
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const [, token] = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((word) => word.trim());
    const isOurs = hasOwnHost(request, this.port) && hasOwnOrigin(request) && isToken(token, this.#token);
    if (!isOurs || request.url !== '/events') {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      this.#tellEvents(webSocket);
    });
  }

  close(): void {
    for (const webSocket of this.#sockets.clients) webSocket.terminate();
    this.#sockets.close();
  }

  #tellEvents(webSocket: WebSocket): void {
    const stop = this.#host.listen((event) => {
      webSocket.send(JSON.stringify(event));
    });
    webSocket.on('close', stop);
    webSocket.on('error', () => {
      webSocket.terminate();
    });
    // Nothing is asked this way.
    webSocket.on('message', () => {
      webSocket.close(1008);
    });
  }

  async #call(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, given] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!isToken(given, this.#token)) {
      refuse(response, 401);
      return;
    }
    const [, name = ''] = /^\/calls\/([a-z]+(?::|%3A)[A-Za-z]+)$/.exec(request.url ?? '') ?? [];
    const call = name.replace('%3A', ':');
    if (!isCallName(call)) {
      refuse(response, 404);
      return;
    }
    const body = await readBody(request, mostBytes(call));
    if (body === undefined) {
      refuse(response, 413);
      return;
    }
    const reply = await this.#host.answer(call, unpackMessage(body));
    const parts = packMessage(reply.ok ? reply.value : reply.problem);
    const length = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const headers = { 'content-type': 'application/octet-stream', 'content-length': length };
    response.writeHead(reply.ok ? 200 : 422, headers);
    for (const part of parts) response.write(new Uint8Array(part));
    response.end();
  }

  async #page(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A new build is seen by whoever loads the page again.
    if (request.url === '/' || this.#files.size === 0) this.#files = listPageFiles(this.#pages);
    const file = this.#files.get(request.url ?? '');
    if (file === undefined) refuse(response, 404);
    else response.writeHead(200, { 'content-type': file.type }).end(await file.read());
  }

  #headers(): Readonly<Record<string, string>> {
    return {
      'content-security-policy': contentSecurityPolicy(`ws://127.0.0.1:${this.port}`, `ws://localhost:${this.port}`),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    };
  }
}

/** No reason is given to whoever has no business here. */
function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: 'close' }).end();
}
