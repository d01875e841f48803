import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { forkProcess } from '../../compute/forkProcess.ts';
import { openHost } from '../../host/host.ts';
import { product } from '../../product/product.ts';
import { startServer } from '../../server/server.ts';
import { defaultWorkspace } from '../../workspace/workspace.ts';
import { defineCommand, onCommandLine } from '../command.ts';
import { path, wholeNumber } from '../options.ts';

export const serve = defineCommand({
  name: 'serve',
  summary: 'open the application to the browser of this computer, at the address that is printed',
  ask: z.object({
    port: onCommandLine(wholeNumber(0, 65_535).default(0), {
      usage: '--port <number>',
      summary: 'where to listen, on loopback only; 0 for any that is free',
    }),
    workspace: onCommandLine(path().optional(), {
      usage: '--workspace <folder>',
      summary: 'where studies, segmentations and trainings are kept (default: the application\u2019s own)',
    }),
  }),
  run: async ({ port, workspace }, { reporter, signal, resumeBy }) => {
    const folder = workspace ?? defaultWorkspace();
    const host = await openHost({ workspace: folder, door: 'server', startProcess: forkProcess });
    try {
      const server = await startServer({ host, port, pages: join(product.resources, '..', 'dist', 'renderer') });
      const { address, origin, token } = server;
      reporter.result({ address, origin, token, workspace: folder }, `Open ${address}\nCtrl-C ends it.`);
      resumeBy('What was saved is in the workspace; start it again to go on.');
      if (!signal.aborted) await once(signal, 'abort');
      await server.close();
    } finally {
      await host.close();
    }
  },
});
