import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { hippocampus } from '../main/datasets/folders.ts';
import { builtPages, openInterface, type OpenInterface } from './interface.ts';
import { takePicture } from './picture.ts';
import { beginWithSample, choosePath, goTo, segment, slow, turnInAxial } from './steps.ts';

const pages = builtPages();
async function takeViewer(page: Page): Promise<void> {
  await page.keyboard.press('h');
  await page.keyboard.press('n');
  await page.locator('.space').getByText('Making surfaces').waitFor({ state: 'detached', timeout: 60_000 });
  await takePicture(page, 'viewer');
  await page.getByRole('tab', { name: 'Structures' }).click();
  await page.keyboard.press('b');
  await takePicture(page, 'structures');
  await page.getByRole('tab', { name: 'Segment' }).click();
  await page.getByRole('button', { name: 'Export…' }).click();
  await takePicture(page, 'export');
  await page.keyboard.press('Escape');
}

/** Needs a segmentation that is shown. */
async function takeOblique(page: Page): Promise<void> {
  await page.keyboard.press('h');
  await page.keyboard.press('x');
  await turnInAxial(page);
  await takePicture(page, 'oblique');
  await page.keyboard.press('t');
}

/** Beside the one that is shown, what the model answers in one pass. */
async function takeCompare({ page, ask }: OpenInterface): Promise<void> {
  const [study] = await ask('studies:list', {});
  const { volume } = study!.volumes[0]!;
  const { study: id } = study!;
  await ask('segmentations:run', { study: id, channels: [volume], model: 'hippocampus', method: 'direct' });
  const list = page.locator('.v-select', { hasText: 'Compare with' });
  await list.click(slow);
  await page.getByRole('option').last().click(slow);
  await page.getByLabel('Show where they differ').click();
  await takePicture(page, 'compare');
  await page.getByLabel('Show where they differ').click();
}

async function takeTraining(page: Page): Promise<void> {
  await goTo(page, 'Training');
  await page.getByRole('button', { name: 'Build a data set…' }).click();
  await takePicture(page, 'build-data-set');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Open a data set…' }).click();
  await choosePath(page, hippocampus);
  await page.getByRole('button', { name: 'Check and plan' }).click(slow);
  await page.getByRole('button', { name: 'Start the training' }).waitFor(slow);
  await takePicture(page, 'training');
}

it('draws every screen; the pictures are those of the documentation', async () => {
  const opened = await openInterface(pages);
  const { page, errors } = opened;
  await page.setViewportSize({ width: 1200, height: 760 });
  await beginWithSample(page);
  await segment(page);
  await takeViewer(page);
  await takeOblique(page);
  await takeCompare(opened);
  await goTo(page, 'Library');
  await takePicture(page, 'library');
  await goTo(page, 'Jobs');
  await takePicture(page, 'jobs');
  await takeTraining(page);
  await goTo(page, 'Settings');
  await page.locator('.v-select').first().click();
  await page.getByRole('option', { name: 'Light' }).click();
  await takePicture(page, 'settings-light');
  await goTo(page, 'Viewer');
  // As at 200 %: half as many CSS pixels.
  await page.setViewportSize({ width: 720, height: 450 });
  await takePicture(page, 'viewer-light-200-percent');
  expect(errors).toEqual([]);
}, 600_000);
