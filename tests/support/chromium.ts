import { existsSync } from 'node:fs';
import { chromium as playwright, type Browser } from 'playwright-core';
import type { SystemPart } from './debian.ts';

const paths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const findChromium = (): string | undefined => [process.env['CHROMIUM'] ?? '', ...paths].find(existsSync);

/** The browser that the end-to-end tests drive; CHROMIUM names another. */
export const chromium: SystemPart = {
  name: 'Chromium',
  packages: ['chromium', 'fonts-dejavu-core'],
  size: '100 MB',
  isInstalled: () => Promise.resolve(findChromium() !== undefined),
};

/** A browser without a window, which draws 3-D in software. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium: install it, or name one in CHROMIUM');
  const args = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
  return playwright.launch({ executablePath, args });
}
