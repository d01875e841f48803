import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildInterface, openInterface } from './interface.ts';

const pages = mkdtempSync(join(tmpdir(), 'sfumato-pictures-'));
const pictures = resolve(import.meta.dirname, '../../docs/pictures');
beforeAll(() => buildInterface(pages), 120_000);
afterAll(() => {
  rmSync(pages, { recursive: true, force: true });
});

const slow = { timeout: 180_000 };
const mostBytes = 300_000;

const goTo = (page: Page, screen: string) => page.getByRole('navigation').getByRole('button', { name: screen }).click();

/** Takes a picture once nothing moves any more. */
async function take(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(1500);
  const path = join(pictures, `${name}.png`);
  await page.screenshot({ path, scale: 'css' });
  expect(statSync(path).size, name).toBeLessThan(mostBytes);
}

async function segmentTheSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Skip' }).click(slow);
  await page.getByText('Segments the anterior').waitFor(slow);
  await page.getByRole('button', { name: 'Segment', exact: true }).click();
  await page.getByRole('button', { name: 'Export…' }).waitFor(slow);
}

async function takeViewer(page: Page): Promise<void> {
  await page.keyboard.press('h');
  await page.keyboard.press('n');
  await page.locator('.space').getByText('Making surfaces').waitFor({ state: 'detached', timeout: 60_000 });
  await take(page, 'viewer');
  await page.getByRole('tab', { name: 'Structures' }).click();
  await page.keyboard.press('b');
  await take(page, 'structures');
  await page.getByRole('tab', { name: 'Segment' }).click();
  await page.getByRole('button', { name: 'Export…' }).click();
  await take(page, 'export');
  await page.keyboard.press('Escape');
}

async function takeTraining(page: Page): Promise<void> {
  await goTo(page, 'Training');
  await page.getByRole('button', { name: 'Build a data set…' }).click();
  await take(page, 'build-data-set');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Open a data set…' }).click();
  await page.getByRole('textbox', { name: 'Folder or file' }).fill(resolve(import.meta.dirname, '../data/hippocampus'));
  await page.getByRole('textbox', { name: 'Folder or file' }).press('Enter');
  await page.getByRole('button', { name: 'Open this folder' }).click();
  await page.getByRole('button', { name: 'Check and plan' }).click(slow);
  await page.getByRole('button', { name: 'Start the training' }).waitFor(slow);
  await take(page, 'training');
}

it('draws every screen; the pictures are those of the documentation', async () => {
  mkdirSync(pictures, { recursive: true });
  const { page, errors } = await openInterface(pages);
  await page.setViewportSize({ width: 1200, height: 760 });
  await segmentTheSample(page);
  await takeViewer(page);
  await goTo(page, 'Library');
  await take(page, 'library');
  await goTo(page, 'Jobs');
  await take(page, 'jobs');
  await takeTraining(page);
  await goTo(page, 'Settings');
  await page.locator('.v-select').first().click();
  await page.getByRole('option', { name: 'Light' }).click();
  await take(page, 'settings-light');
  await goTo(page, 'Viewer');
  // As at 200 %: half as many CSS pixels.
  await page.setViewportSize({ width: 720, height: 450 });
  await take(page, 'viewer-light-200-percent');
  expect(errors).toEqual([]);
}, 600_000);
