import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { browserTransport } from '../../../main/contract/browserTransport.ts';
import { clientOver, type Client } from '../../../main/contract/client.ts';
import { startServer, type Server } from '../../../main/server/server.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { testHost, type TestHost } from '../host/testHost.ts';

export interface TestServer extends TestHost {
  readonly server: Server;
  /** As the page talks to the host. */
  readonly client: Client;
}

/** A real server on a free port, with a page of one file and a real host behind it. */
export async function testServer(): Promise<TestServer> {
  const folder = temporaryFolder();
  const pages = join(folder, 'pages');
  mkdirSync(join(pages, 'assets'), { recursive: true });
  writeFileSync(join(pages, 'index.html'), '<title>page</title>');
  writeFileSync(join(pages, 'assets', 'a.js'), '1');
  writeFileSync(join(folder, 'secret.html'), 'secret');
  const host = await testHost(folder);
  const server = await startServer({ host: host.host, pages, port: 0 });
  // Node 20 has no WebSocket of its own.
  vi.stubGlobal('WebSocket', WebSocket);
  onTestFinished(() => server.close());
  return { ...host, server, client: clientOver(browserTransport(server)) };
}
