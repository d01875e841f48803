import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { readImage } from '../../../main/imaging/image.ts';
import { writeImage } from '../../../main/imaging/write.ts';
import { makeBenchSeries } from './benchSeries.ts';
import type { Comparison, Contest } from './comparison.ts';
import { loadOurs, loadTheirs } from './uiActs.ts';
import { niivue, openUiPages, type UiPages } from './uiPages.ts';

/** The CT of the other benches as one uncompressed NIfTI file, which both sides read. */
async function makeVolume(folder: string): Promise<string> {
  const series = await makeBenchSeries('raw');
  const volume = join(folder, 'volume.nii');
  await writeImage(volume, await readImage(series.folder), { existing: 'refuse' });
  await series.dispose();
  return volume;
}

interface Acts {
  readonly ours: (page: Page) => Promise<number>;
  readonly theirs: (page: Page) => Promise<number>;
  /** Whether the volume is in both windows before anything is measured. */
  readonly loadsFirst: boolean;
}

async function prepare({ ours, theirs, loadsFirst }: Acts): Promise<Contest> {
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-ui-volume-'));
  const pages: UiPages = await openUiPages(await makeVolume(folder));
  if (loadsFirst) await Promise.all([loadOurs(pages.ours), loadTheirs(pages.theirs)]);
  return {
    ours: () => ours(pages.ours),
    theirs: () => theirs(pages.theirs),
    dispose: async () => {
      await pages.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The interface in a real browser beside NiiVue in the same browser, on a CT of 300 slices of 512 x 512; drawn in software. */
export const uiComparison = (name: string, acts: Acts): Comparison => ({
  name,
  unit: 'ms',
  against: `${niivue}, same browser`,
  warmups: 1,
  prepare: () => prepare(acts),
});
