import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { build } from 'vite';
import type { Page } from 'playwright-core';
import { startServer } from '../../main/server/server.ts';
import { testHost, type TestHost } from '../main/host/testHost.ts';
import { launchChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const root = resolve(import.meta.dirname, '../..');

/** The interface in a real browser, with a real host and an empty workspace behind it. */
export interface OpenInterface {
  readonly page: Page;
  /** What the page wrote to its console as errors, and what was thrown in it. */
  readonly errors: readonly string[];
  /** For files that the test writes. */
  readonly folder: string;
  /** The person's own library of models. */
  readonly models: string;
  /** Past the page. */
  readonly ask: TestHost['ask'];
}

/** The interface as it is shipped, built before the tests of a file and gone after them. @returns The folder it is in. */
export function builtPages(): string {
  const outDir = mkdtempSync(join(tmpdir(), 'sfumato-pages-'));
  const configFile = resolve(root, 'build/vite.renderer.config.ts');
  beforeAll(() => build({ configFile, logLevel: 'warn', build: { outDir, sourcemap: false } }), 120_000);
  afterAll(() => {
    rmSync(outDir, { recursive: true, force: true });
  });
  return outDir;
}

export async function openInterface(pages: string): Promise<OpenInterface> {
  const folder = temporaryFolder();
  const { host, ask, models } = await testHost(folder);
  const server = await startServer({ host, pages, port: 0 });
  onTestFinished(() => server.close());
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(server.address);
  return { page, errors, folder, models, ask };
}
