import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { drawScan, scanOf } from '../main/host/drawnScans.ts';
import { builtPages, openInterface } from './interface.ts';
import { takePicture } from './picture.ts';
import { beginWithSample, choose, drag, goTo, middleOf, openStudy, slow } from './steps.ts';

const pages = builtPages();
/** A minute of training, and what comes before and after. */
const long = { timeout: 600_000 };

/** Paints a little in the axial plane and waits until it is saved. */
async function correct(page: Page, study: string): Promise<void> {
  await openStudy(page, study);
  await page.getByRole('tab', { name: 'Structures' }).click();
  const { x, y } = await middleOf(page.locator('.pane.axial'));
  await page.keyboard.press('b');
  await drag(page, { x, y }, { x: x + 6, y });
  await page.getByRole('button', { name: 'Undo: Brush' }).waitFor(slow);
  await page.keyboard.press('w');
}

async function build(page: Page): Promise<void> {
  await goTo(page, 'Training');
  await page.getByRole('button', { name: 'Build a data set…' }).click();
  const dialog = page.getByRole('dialog');
  await expect.poll(() => dialog.getByRole('checkbox').count(), slow).toBe(3);
  await dialog.getByRole('textbox', { name: 'Name of the data set' }).fill('my cases');
  await dialog.getByRole('button', { name: 'Build', exact: true }).click();
  await page.getByText('3 images, 3 with a mask').waitFor(slow);
}

it('makes a data set of three corrected studies, fine-tunes on it, and segments a fourth with the result', async () => {
  const opened = await openInterface(pages);
  const { page, errors, ask } = opened;
  for (const number of ['025', '006', '065']) await drawScan(opened, number);
  await ask('studies:open', { paths: [scanOf('imagesTr', '033')] });
  await beginWithSample(page);
  await correct(page, 'hippocampus_025');

  await build(page);
  await page.getByRole('button', { name: 'Check and plan' }).click(slow);
  await page.getByRole('button', { name: 'Start the training' }).waitFor(slow);
  await page.getByRole('textbox', { name: 'Name of the model' }).fill('mine');
  await choose(page, 'Start from', 'hippocampus: fine-tune');
  await page.getByLabel('Minutes').fill('1');
  await page.getByRole('button', { name: 'Start the training' }).click();
  const picture = page.getByRole('img', { name: 'A validation case' });
  await picture.waitFor(long);
  expect(await picture.evaluate((shown: HTMLImageElement) => shown.naturalWidth)).toBeGreaterThan(500);
  await picture.scrollIntoViewIfNeeded();
  await takePicture(page, 'training-run');
  await page.getByText('The model is in the library as mine.').waitFor(long);

  await openStudy(page, 'hippocampus_033');
  await page.getByRole('tab', { name: 'Segment' }).click();
  await choose(page, 'Model', 'mine');
  await page.getByRole('button', { name: 'Segment', exact: true }).click(slow);
  await page.getByRole('button', { name: 'Export…' }).waitFor(slow);
  const fourth = (await ask('studies:list', {})).find(({ name }) => name.startsWith('hippocampus_033'));
  const [made] = await ask('segmentations:list', { study: fourth!.study });
  expect(made).toMatchObject({ made: { model: 'mine' } });
  for (const { voxels } of made!.made!.measured) expect(voxels).toBeGreaterThan(100);
  expect(errors).toEqual([]);
}, 1_100_000);
