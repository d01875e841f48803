import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { chromium as playwright, type Page } from 'playwright-core';
import { build } from 'vite';
import { forkProcess } from '../../../main/compute/forkProcess.ts';
import { openHost } from '../../../main/host/host.ts';
import { startServer } from '../../../main/server/server.ts';
import { executableOfChromium, drawsInSoftware } from '../../support/chromium.ts';

const root = resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);
/** With whom we compare, as npm has it. */
export const niivue = '@niivue/niivue@0.69.0';

/** The same browser with a page of ours and one of NiiVue. Frames come as fast as they are drawn: a screen's rhythm would hide all differences. */
export interface UiPages {
  readonly ours: Page;
  readonly theirs: Page;
  readonly dispose: () => Promise<void>;
}

/** NiiVue's one file, from npm into a cache of the bench: no part of the product. */
async function installNiivue(): Promise<string> {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sfumato', 'niivue');
  await mkdir(folder, { recursive: true });
  await run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', niivue]);
  return join(folder, 'node_modules/@niivue/niivue/dist/index.js');
}

const page = `<!doctype html><canvas id="view" width="1100" height="800"></canvas><script type="module">
import { Niivue } from './niivue.js';
window.niivue = new Niivue({ logLevel: 'error' });
await window.niivue.attachTo('view');
window.niivue.setSliceType(0);
window.isReady = true;
</script>`;

/** NiiVue's page and the volume that it loads. */
function serveTheirs(script: string, volume: string) {
  const files: Readonly<Record<string, readonly [path: string, type: string]>> = {
    '/niivue.js': [script, 'text/javascript'],
    '/volume.nii': [volume, 'application/octet-stream'],
  };
  return createServer((request, response) => {
    const file = files[(request.url ?? '').split('?')[0] ?? ''];
    response.setHeader('content-type', file?.[1] ?? 'text/html');
    if (file === undefined) response.end(page);
    else createReadStream(file[0]).pipe(response);
  });
}

async function startOurs(folder: string) {
  const pages = join(folder, 'pages');
  const configFile = join(root, 'build/vite.renderer.config.ts');
  await build({ configFile, logLevel: 'warn', build: { outDir: pages, sourcemap: false } });
  const host = await openHost({ workspace: join(folder, 'workspace'), door: 'server', startProcess: forkProcess });
  const server = await startServer({ host, pages, port: 0 });
  await host.answer('settings:change', { tourSeen: true, layout: 'axial' });
  return { host, server };
}

/** @param volume A NIfTI file. Beside it our library has the sample, whose opening closes the volume. */
export async function openUiPages(volume: string): Promise<UiPages> {
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-ui-'));
  const theirServer = serveTheirs(await installNiivue(), volume).listen(0, '127.0.0.1');
  const { host, server } = await startOurs(folder);
  await host.answer('studies:open', { paths: [volume] });
  await host.answer('studies:openSample', {});
  const unbound = ['--disable-frame-rate-limit', '--disable-gpu-vsync'];
  const executablePath = executableOfChromium();
  const browser = await playwright.launch({ executablePath, args: [...drawsInSoftware, ...unbound] });
  const viewport = { width: 1440, height: 900 };
  const [ours, theirs] = [await browser.newPage({ viewport }), await browser.newPage({ viewport })];
  await ours.goto(server.address);
  const address = theirServer.address();
  await theirs.goto(`http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}/`);
  await theirs.waitForFunction('window.isReady');
  return {
    ours,
    theirs,
    dispose: async () => {
      await browser.close();
      await server.close();
      await host.close();
      theirServer.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
