import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { builtPages, openInterface } from './interface.ts';
import { colourfulness, pixel } from './pane.ts';
import { beginWithSample, drag, middleOf, slow, turnInAxial } from './steps.ts';

const pages = builtPages();

const letters = async (page: Page, plane: string): Promise<readonly string[]> =>
  page.locator(`.pane.${plane} .letter`).allTextContents();

/** Millimetres a CSS pixel, as the pane's own scale says. */
async function millimetresPerPixel(page: Page, plane: string): Promise<number> {
  const words = await page.locator(`.pane.${plane} .scale`).innerText();
  const box = await page.locator(`.pane.${plane} .scale .bar`).boundingBox();
  return Number.parseFloat(words) / box!.width;
}

it('turns planes by the crosshair, measures and paints on them, and straightens them', async () => {
  const { page, errors } = await openInterface(pages);
  await beginWithSample(page);
  await page.getByRole('button', { name: 'New empty segmentation' }).click();
  await page.getByRole('button', { name: 'Export…' }).waitFor(slow);
  expect(await letters(page, 'coronal')).toEqual(['R', 'L', 'S', 'I']);
  const axial = await letters(page, 'axial');
  await page.keyboard.press('x');
  await turnInAxial(page);

  await page.getByText('Coronal, oblique').waitFor();
  await page.getByText('Sagittal, oblique').waitFor();
  expect(await page.getByText('Axial, oblique').count()).toBe(0);
  // Down in an axial picture is posterior: what ran from right to left now falls to the back.
  expect(await letters(page, 'coronal')).toEqual(['RA', 'LP', 'S', 'I']);
  expect(await letters(page, 'axial')).toEqual(axial);

  // An oblique plane leaves the volume: an opaque canvas with clear pixels would show what the browser pleases.
  const picture = page.locator('.pane.coronal canvas.picture').first();
  const alpha = picture.evaluate(
    (canvas: HTMLCanvasElement) => canvas.getContext('2d')!.getImageData(0, 0, 1, 1).data[3],
  );
  expect(await alpha).toBe(255);

  const middle = await middleOf(page.locator('.pane.coronal'));
  const scale = await millimetresPerPixel(page, 'coronal');
  await page.keyboard.press('d');
  await drag(page, { x: middle.x - 40, y: middle.y - 30 }, { x: middle.x + 40, y: middle.y + 30 });
  const measured = Number.parseFloat(await page.locator('.pane.coronal .mark text').innerHTML());
  expect(measured).toBeCloseTo(100 * scale, 0);

  const corner = await page.locator('.pane.coronal').boundingBox();
  const place = { x: middle.x - corner!.x - 60, y: middle.y - corner!.y - 60 };
  const colour = () => pixel(page, 'coronal', place);
  await page.keyboard.press('b');
  await page.keyboard.press('g');
  await expect.poll(async () => colourfulness(await colour())).toBe(0);
  await page.keyboard.press('g');
  await drag(
    page,
    { x: corner!.x + place.x - 4, y: corner!.y + place.y },
    { x: corner!.x + place.x + 4, y: corner!.y + place.y },
  );
  await expect.poll(async () => colourfulness(await colour()), { timeout: 20_000 }).toBeGreaterThan(30);

  await page.keyboard.press('f');
  await page.mouse.click(corner!.x + place.x, corner!.y + place.y);
  await page.getByText('An oblique plane has no slice of voxels to fill').waitFor();

  await page.keyboard.press('t');
  await page.getByText('Coronal, oblique').waitFor({ state: 'detached' });
  expect(await letters(page, 'coronal')).toEqual(['R', 'L', 'S', 'I']);
  // What was measured is not in the straight slice.
  expect(await page.locator('.pane.coronal .mark').count()).toBe(0);

  await page.locator('.pane.sagittal').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await page.getByText('Axial, oblique').waitFor();
  expect(errors).toEqual([]);
}, 200_000);
