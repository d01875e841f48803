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

export function executableOfChromium(): string {
  const path = findChromium();
  if (path === undefined) throw new Error('no Chromium: install it, or name one in CHROMIUM');
  return path;
}

export const drawsInSoftware = [
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

/** A browser without a window, which draws 3-D in software. */
export const launchChromium = (): Promise<Browser> =>
  playwright.launch({ executablePath: executableOfChromium(), args: drawsInSoftware });
