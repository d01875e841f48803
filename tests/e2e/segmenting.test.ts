import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Grid } from '../../ml/volume/grid.ts';
import { hippocampus } from '../main/datasets/folders.ts';
import { writeSeries, type MadeSeries } from '../main/imaging/dicom/series/madeSeries.ts';
import { writeTinyModel } from '../main/services/segmentation/tinyModel.ts';
import { builtPages, openInterface, type OpenInterface } from './interface.ts';
import { canvasPoint, pixel } from './pane.ts';
import { beginWithSample, choose, goTo, mostMilliseconds, openStudy, slow, timeToButton } from './steps.ts';

const pages = builtPages();
const scan = (number: string) => join(hippocampus, 'imagesTr', `hippocampus_${number}.nii.gz`);

/** One series of a study that has others, with values of its own. */
function writeSequence(folder: string, number: number, description: string): void {
  mkdirSync(folder);
  const series: MadeSeries = {
    columns: 32,
    rows: 32,
    pixelSize: [2, 2],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    slices: Array.from({ length: 16 }, (_, z) => ({
      position: [0, 0, 2 * z],
      pixels: Int16Array.from({ length: 1024 }, (_, n) => ((n + z) * number) % 101),
      elements: {
        '00080018 UI': `1.2.3.4.${number}.${z + 1}`,
        '00080060 CS': 'MR',
        '00080016 UI': '1.2.840.10008.5.1.4.1.1.4',
        '0008103e LO': description,
        '0020000e UI': `1.2.3.4.${number}`,
      },
    })),
  };
  writeSeries(folder, series);
}

/** Two segmentations of a scan that share half of their voxels: a slab of slices each. */
async function drawTwo(ask: OpenInterface['ask']): Promise<Grid> {
  const [study] = (await ask('studies:open', { paths: [scan('006')] })).studies;
  const { volume } = study!.volumes[0]!;
  const { grid } = await ask('volumes:open', { volume });
  const [i, j, k] = grid.shape;
  const structures = [{ value: 1, name: 'slab', colour: '#e69f00', locked: false }];
  for (const [name, from] of [
    ['one', 10],
    ['another', 14],
  ] as const) {
    const { segmentation } = await ask('segmentations:create', { volume, name, structures });
    const labels = new Uint8Array(i * j * k).fill(1, from * i * j, (from + 8) * i * j);
    await ask('segmentations:save', { segmentation, dataType: 'uint8', bytes: labels.buffer });
  }
  return grid;
}

async function expectNoErrors({ page, errors }: { page: Page; errors: readonly string[] }): Promise<void> {
  expect(errors).toEqual([]);
  expect(await page.locator('.problems').count()).toBe(0);
}

describe('two segmentations', () => {
  it('are compared by Dice and by colours of where they differ', async () => {
    const opened = await openInterface(pages);
    const { page, ask } = opened;
    await beginWithSample(page);
    const grid = await drawTwo(ask);
    await openStudy(page, 'hippocampus_006');
    await choose(page, 'Show', 'one');
    await choose(page, 'Compare with', 'another');
    await page.getByText('Dice 0.500').waitFor(slow);
    await page.getByLabel('Show where they differ').click();
    const leaning = async (k: number): Promise<number> => {
      const at = await canvasPoint(page, 'coronal', grid, [20, Math.floor(grid.shape[1] / 2), k]);
      const [red, , blue] = await pixel(page, 'coronal', at);
      return Math.sign(blue! - red!);
    };
    // Only in the shown one it is blue, in both as the image is, only in the other one red.
    const leanings = () => Promise.all([12, 16, 20].map(leaning));
    await expect.poll(leanings, slow).toEqual([1, 0, -1]);
    await expectNoErrors(opened);
  }, 300_000);
});

describe('a model of two sequences', () => {
  it('takes the images that the person names for it', async () => {
    const opened = await openInterface(pages);
    const { page, ask, folder, models } = opened;
    await writeTinyModel(join(models, 'tiny'), { channels: ['T1', 'FLAIR'], kinds: ['direct'] });
    const files = join(folder, 'two');
    mkdirSync(files);
    writeSequence(join(files, 'a'), 7, 'first');
    writeSequence(join(files, 'b'), 11, 'second');
    const [study] = (await ask('studies:open', { paths: [files] })).studies;
    await beginWithSample(page);
    await openStudy(page, study!.name);
    const run = page.getByRole('button', { name: 'Segment', exact: true });

    await choose(page, 'Model', 'tiny');
    expect(await run.isDisabled()).toBe(true);
    await choose(page, 'T1', 'second');
    await choose(page, 'FLAIR', 'first');
    await run.click(slow);
    await page.getByRole('button', { name: 'Export…' }).waitFor(slow);
    await expectNoErrors(opened);
  }, 300_000);
});

describe('several studies', () => {
  it('are segmented one after another', async () => {
    const opened = await openInterface(pages);
    const { page, ask, models } = opened;
    await ask('studies:open', { paths: [scan('006'), scan('025')] });
    await beginWithSample(page);
    await writeTinyModel(join(models, 'tiny'));
    await goTo(page, 'Library');
    await page.getByRole('button', { name: 'Segment several…' }).click();
    await choose(page, 'Model', 'tiny');
    await page.getByRole('checkbox', { name: 'hippocampus_006.nii.gz' }).waitFor(slow);
    await page.getByRole('button', { name: 'Choose all' }).click();
    await page.getByRole('button', { name: 'Segment 3' }).click();
    await expect.poll(() => page.getByText('Done', { exact: true }).count(), slow).toBe(3);
    await expectNoErrors(opened);
  }, 300_000);
});

describe('a segmentation that runs', () => {
  it('is cancelled at once and can be run again', async () => {
    const opened = await openInterface(pages);
    const { page } = opened;
    await beginWithSample(page);
    await page.getByRole('button', { name: 'Segment', exact: true }).click(slow);
    await page
      .getByText(/Sample \d of \d|left/)
      .first()
      .waitFor(slow);
    const cancel = page.getByRole('button', { name: 'Cancel' });
    expect(await timeToButton(cancel, 'Segment')).toBeLessThan(mostMilliseconds);
    await goTo(page, 'Jobs');
    await page.getByText('Cancelled').waitFor(slow);
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByText('Done', { exact: true }).waitFor(slow);
    await expectNoErrors(opened);
  }, 300_000);
});
