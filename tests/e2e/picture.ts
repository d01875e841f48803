import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const pictures = resolve(import.meta.dirname, '../../docs/pictures');
const mostBytes = 300_000;

/** Takes a picture for the documentation once nothing moves any more. */
export async function takePicture(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(1500);
  mkdirSync(pictures, { recursive: true });
  const path = join(pictures, `${name}.png`);
  await page.screenshot({ path, scale: 'css' });
  expect(statSync(path).size, name).toBeLessThan(mostBytes);
}
