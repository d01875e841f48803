import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readImage } from '../../main/imaging/image.ts';
import { indexPoint, indexToWorld, worldToIndex } from '../../ml/volume/space.ts';
import { acquiredView, alignedView } from '../../renderer/slices/view.ts';
import { builtPages, openInterface, type OpenInterface } from './interface.ts';
import { canvasPoint, colourfulness, pixel } from './pane.ts';
import { beginWithSample, segment, slow } from './steps.ts';

const pages = builtPages();

/** The segmentation of the sample, with its mask and entropy as files hold them. */
async function madeOfSample({ ask, folder }: OpenInterface) {
  const [study] = await ask('studies:list', {});
  const [made] = await ask('segmentations:list', { study: study!.study });
  const read = async (map: 'mask' | 'entropy') => {
    const path = join(folder, `${map}.nii.gz`);
    await ask('segmentations:export', { segmentation: made!.segmentation, map, path, replace: false });
    return (await readImage(path)).volume;
  };
  return { made: made!.made!, mask: await read('mask'), entropy: await read('entropy') };
}

it('leads to the least sure slice of the report, marks it in the strip, and colours where it is unsure by the legend', async () => {
  const opened = await openInterface(pages);
  const { page, errors } = opened;
  await beginWithSample(page);
  await segment(page);
  const { made, mask, entropy } = await madeOfSample(opened);
  const { grid } = mask;
  const plane = acquiredView(grid);
  const view = alignedView(grid, plane);
  const [worst] = made.slicesToReview;
  const axis = { i: 0, j: 1, k: 2 }[worst!.axis]!;
  const [i, j, k] = grid.shape;

  const strip = page.locator(`.pane.${plane} .strip rect`);
  await expect.poll(() => strip.count(), slow).toBeGreaterThan(5);
  await page.keyboard.press('n');
  const bar = page.locator(`.pane.${plane} input[type=range]`);
  const shownSlice = async () => {
    const place = indexToWorld(view, indexPoint(0, 0, Number(await bar.inputValue())));
    return Math.round(worldToIndex(grid, place)[axis]!);
  };
  await expect.poll(shownSlice, slow).toBe(worst!.index);

  // The least sure voxel of that slice that is of no structure.
  let unsure: readonly [number, number, number] = [0, 0, 0];
  let most = 0;
  for (let v = 0; v < i * j * k; v++) {
    const place = [v % i, Math.floor(v / i) % j, Math.floor(v / (i * j))] as const;
    if (place[axis] !== worst!.index || mask.data[v] !== 0 || entropy.data[v]! <= most) continue;
    [unsure, most] = [place, entropy.data[v]!];
  }
  await page.keyboard.press('x');
  const at = await canvasPoint(page, plane, grid, unsure);
  expect(colourfulness(await pixel(page, plane, at))).toBeLessThan(10);
  await page.keyboard.press('h');
  await page.getByText(`${Math.log2(3).toFixed(2)} bits`).waitFor(slow);
  await expect.poll(async () => colourfulness(await pixel(page, plane, at)), slow).toBeGreaterThan(30);
  await page.keyboard.press('h');
  await expect.poll(async () => colourfulness(await pixel(page, plane, at)), slow).toBeLessThan(10);
  expect(errors).toEqual([]);
}, 200_000);
