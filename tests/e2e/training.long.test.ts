import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { hippocampus } from '../main/datasets/folders.ts';
import { builtPages, openInterface } from './interface.ts';
import { beginWithSample, choose, choosePath, goTo, slow } from './steps.ts';

const pages = builtPages();
/** A minute of training, and the evaluations at its end. */
const long = { timeout: 600_000 };

async function openDataset(page: Page): Promise<void> {
  await goTo(page, 'Training');
  await page.getByRole('button', { name: 'Open a data set…' }).click();
  await choosePath(page, hippocampus);
  await page.getByRole('button', { name: 'Check and plan' }).click(slow);
  await page.getByRole('button', { name: 'Start the training' }).waitFor(slow);
}

/** The step that the curve of the loss has come to. */
async function lossStep(page: Page): Promise<number> {
  const caption = await page.locator('figure', { hasText: 'Loss' }).first().locator('figcaption').innerText();
  return Number(/step (\d+)/.exec(caption)?.[1] ?? 0);
}

it('fine-tunes the shipped model in the window: curves go on live, pause holds, and the end has a table of before and after', async () => {
  const { page, errors } = await openInterface(pages);
  await beginWithSample(page);
  await openDataset(page);
  await page.getByRole('textbox', { name: 'Name of the model' }).fill('mine');
  await choose(page, 'Start from', 'hippocampus: fine-tune');
  await page.getByLabel('Minutes').fill('1');
  await page.getByRole('button', { name: 'Start the training' }).click();

  await expect.poll(() => lossStep(page), long).toBeGreaterThan(0);
  const first = await lossStep(page);
  await expect.poll(() => lossStep(page), long).toBeGreaterThan(first);
  await page.getByText(/left$/).first().waitFor(slow);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused').waitFor(slow);
  const held = await lossStep(page);
  await page.waitForTimeout(3000);
  expect(await lossStep(page)).toBe(held);
  await page.getByRole('button', { name: 'Resume' }).click();

  await page.getByText('The model is in the library as mine.').waitFor(long);
  await page.getByRole('button', { name: 'Compare with the model it started from' }).click();
  await page.getByRole('columnheader', { name: 'Before' }).waitFor(long);
  const rows = await page.locator('tbody tr').allInnerTexts();
  expect(rows.map((row) => row.split('\t').length)).toEqual([4, 4, 4]);
  expect(rows.at(-1)).toMatch(/^mean\t0\.\d{3}\t0\.\d{3}\t/);
  expect(errors).toEqual([]);
}, 1_100_000);
