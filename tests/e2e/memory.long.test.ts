import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { writeImage } from '../../main/imaging/write.ts';
import { readImage } from '../../main/imaging/image.ts';
import { buildInterface, openInterface } from './interface.ts';

const pages = mkdtempSync(join(tmpdir(), 'sfumato-memory-'));
beforeAll(() => buildInterface(pages), 120_000);
afterAll(() => {
  rmSync(pages, { recursive: true, force: true });
});

const slow = { timeout: 60_000 };
const cycles = 50;
/** By then everything that is kept for good was made once. */
const settled = 5;
const mostGrowth = 1.1;

/** The sample's header around as many voxels as a CT of 300 slices has. */
async function writeCt(path: string): Promise<void> {
  const sample = await readImage(join(import.meta.dirname, '../data/hippocampus/imagesTr/hippocampus_006.nii.gz'));
  const shape = [512, 512, 300] as const;
  const data = new Int16Array(512 * 512 * 300);
  for (let n = 0; n < data.length; n++) data[n] = (n * 7919) % 2000;
  await writeImage(
    path,
    { ...sample, volume: { grid: { ...sample.volume.grid, shape }, channels: 1, data } },
    { existing: 'refuse' },
  );
}

const usage = z.object({ usedSize: z.number(), backingStorageSize: z.number() });

/** What the page holds, voxels among it, once nothing that is free is left; bytes. */
async function heldBytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = usage.parse(await session.send('Runtime.getHeapUsage'));
  return usedSize + backingStorageSize;
}

async function openStudy(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'Library' }).click();
  await page.locator('button.open', { hasText: name }).click(slow);
  await page.locator('.pane.axial canvas').waitFor(slow);
  await page.locator('.viewer > .v-progress-linear').waitFor({ state: 'detached', ...slow });
}

it('opens and closes a CT of 300 slices fifty times without growing', async () => {
  const { page, folder, ask } = await openInterface(pages);
  const path = join(folder, 'ct.nii');
  await writeCt(path);
  await ask('studies:open', { paths: [path] });
  await page.getByRole('button', { name: 'Skip' }).click(slow);
  const session = await page.context().newCDPSession(page);
  const held: number[] = [];
  for (let cycle = 0; cycle < cycles; cycle++) {
    await openStudy(page, 'ct.nii');
    await openStudy(page, 'hippocampus');
    held.push(await heldBytes(session));
  }
  expect(held.at(-1)! / held[settled]!).toBeLessThan(mostGrowth);
  // And the voxels of the CT are gone.
  expect(held.at(-1)!).toBeLessThan(2 * 512 * 512 * 300);
}, 1_100_000);
