import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../main/imaging/image.ts';
import { indexPoint, indexToWorld, worldToIndex } from '../../ml/volume/space.ts';
import type { Volume } from '../../ml/volume/volume.ts';
import { formatNumber } from '../../renderer/components/formatNumber.ts';
import { acquiredView, alignedView } from '../../renderer/slices/view.ts';
import { hippocampus } from '../main/datasets/folders.ts';
import { sharedData } from '../support/data.ts';
import { builtPages, openInterface } from './interface.ts';
import { canvasPoint } from './pane.ts';
import { beginWithSample, choosePath, goTo, slow } from './steps.ts';

const pages = builtPages();
const small = join(import.meta.dirname, '../data/dicom-series/ct-siemens-j2k');
const shared = sharedData();
/** A compressed CT: 5 slices of JPEG 2000 and, where it is there, a whole one of JPEG-LS. */
const series = [small, ...(shared === undefined ? [] : [join(shared, 'dicom/ct-philips-lidc-0314-jpegls')])];

async function open(page: Page, folder: string, file?: string): Promise<void> {
  await goTo(page, 'Library');
  await page.getByRole('button', { name: 'Open…' }).click();
  await choosePath(page, folder, file);
  await page.locator('.library').waitFor({ state: 'hidden', ...slow });
  await page.locator('.pane').first().waitFor(slow);
  await page.locator('.viewer > .v-progress-linear').waitFor({ state: 'detached', ...slow });
}

/** Points at voxels of the slice that is shown; what the probe says of each, and what the file says. */
async function probed(page: Page, { grid, channels, data }: Volume) {
  const plane = acquiredView(grid);
  const view = alignedView(grid, plane);
  const bar = page.locator(`.pane.${plane} input[type=range]`);
  const slice = view.shape[2] === 1 ? 0 : Number(await bar.inputValue());
  await page.getByRole('tab', { name: 'Measure' }).click();
  const [said, stored]: [string[], string[]] = [[], []];
  for (const part of [0.3, 0.5, 0.6]) {
    const place = indexPoint(Math.floor(part * view.shape[0]), Math.floor(0.5 * view.shape[1]), slice);
    const [i, j, k] = worldToIndex(grid, indexToWorld(view, place)).map(Math.round) as [number, number, number];
    const voxel = (k * grid.shape[1] + j) * grid.shape[0] + i;
    const size = data.length / channels;
    stored.push(Array.from({ length: channels }, (_, c) => formatNumber(data[c * size + voxel]!)).join(', '));
    const { page: at } = await canvasPoint(page, plane, grid, [i, j, k]);
    await page.mouse.move(at.x, at.y);
    const words = await page.locator('dt', { hasText: 'Value' }).locator('+ dd').innerText(slow);
    said.push(words.replace(/ HU$/, ''));
  }
  return { said, stored };
}

describe('the library', () => {
  it.each(series)(
    'opens a folder of compressed DICOM, and the probe says what the voxels hold (%#)',
    async (folder) => {
      const { page, errors } = await openInterface(pages);
      await beginWithSample(page);
      await open(page, folder);
      const { volume } = await readImage(folder);
      const { said, stored } = await probed(page, volume);
      expect(new Set(stored).size).toBeGreaterThan(1);
      expect(said).toEqual(stored);
      expect(errors).toEqual([]);
    },
    300_000,
  );

  it('opens a NIfTI file', async () => {
    const { page, errors } = await openInterface(pages);
    await beginWithSample(page);
    await open(page, join(hippocampus, 'imagesTr'), 'hippocampus_033.nii.gz');
    const { volume } = await readImage(join(hippocampus, 'imagesTr', 'hippocampus_033.nii.gz'));
    const { said, stored } = await probed(page, volume);
    expect(new Set(stored).size).toBeGreaterThan(1);
    expect(said).toEqual(stored);
    expect(errors).toEqual([]);
  }, 200_000);

  it('opens a picture of colours: one pane, values of three', async () => {
    const { page, folder, errors } = await openInterface(pages);
    const [width, height] = [60, 40];
    const data = Uint8Array.from({ length: 3 * width * height }, (_, n) => (n * 37) % 251);
    writeFileSync(join(folder, 'picture.png'), encode({ width, height, data, channels: 3, depth: 8 }));
    await beginWithSample(page);
    await open(page, folder, 'picture.png');
    expect(await page.locator('.pane').count()).toBe(1);
    const { volume } = await readImage(join(folder, 'picture.png'));
    const { said, stored } = await probed(page, volume);
    expect(stored[0]).toBe([0, 1, 2].map((c) => data[3 * (20 * width + 18) + c]).join(', '));
    expect(said).toEqual(stored);
    expect(errors).toEqual([]);
  }, 200_000);
});
