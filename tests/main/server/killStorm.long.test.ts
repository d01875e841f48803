import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stream } from '../../../ml/random/stream.ts';
import { readImage } from '../../../main/imaging/image.ts';
import { hippocampus } from '../datasets/folders.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { serveIn, type Served } from './servedProcess.ts';

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');
const structures = [{ value: 1, name: 'one', colour: '#112233', locked: false }];
const KILLS = 100;

/** What the person was told is safe, and what they had asked for when the kill came. */
interface Work {
  /** Entries since the last save. */
  entries: Buffer[];
  /** Value of all labels at the last save. */
  saved: number;
  pending: { entry: Buffer } | { saved: number } | undefined;
}

/** An entry that is like no other, of up to 4 KB. */
const entryOf = (number: number): Buffer => Buffer.alloc(4 + ((number * 7919) % 4096), `${number} `);

it(`keeps all that was said to be saved over ${KILLS} kills at any moment, and leaves no half file`, async () => {
  const folder = temporaryFolder();
  const rng = stream(0, 'kills');
  const first = await serveIn(folder);
  const [study] = (await first.ask('studies:open', { paths: [scan] })).studies;
  const { volume } = study!.volumes[0]!;
  const { grid } = await first.ask('volumes:open', { volume });
  const voxels = grid.shape[0] * grid.shape[1] * grid.shape[2];
  const { segmentation } = await first.ask('segmentations:create', { volume, name: 'drawn', structures });
  await first.kill();
  const work: Work = { entries: [], saved: 0, pending: undefined };
  const path = join(folder, 'exported.nii.gz');
  for (let kills = 0; kills < KILLS; kills++) {
    const served = await serveIn(folder);
    await expectKept(served, segmentation, work);
    if (existsSync(path)) expect((await readImage(path)).volume.data.length).toBe(voxels);
    const editing = edit(served, { segmentation, voxels, path, number: kills * 1000 }, work);
    // Some live long enough to save and export, which take a process of their own.
    const most = kills % 8 === 0 ? 8000 : 400;
    await new Promise((resolve) => setTimeout(resolve, most * rng.uniform()));
    await served.kill();
    await editing;
  }
  await expectKept(await serveIn(folder), segmentation, work);
  expect([work.saved > 0, existsSync(path)]).toEqual([true, true]);
});

interface Editing {
  readonly segmentation: string;
  readonly voxels: number;
  readonly path: string;
  readonly number: number;
}

/** Appends, now and then saves and exports, until the host answers no more. */
async function edit({ client }: Served, { segmentation, voxels, path, number }: Editing, work: Work): Promise<void> {
  for (let n = number; ; n++) {
    if (n % 8 === 7) {
      const saved = 1 + (n % 200);
      work.pending = { saved };
      const bytes = new Uint8Array(voxels).fill(saved).buffer;
      if (!(await client.call('segmentations:save', { segmentation, dataType: 'uint8', bytes })).ok) return;
      Object.assign(work, { saved, entries: [], pending: undefined });
      const exported = { segmentation, map: 'mask' as const, path, replace: true };
      if (!(await client.call('segmentations:export', exported)).ok) return;
    }
    const entry = entryOf(n);
    work.pending = { entry };
    const bytes = new Uint8Array(entry).buffer;
    if (!(await client.call('edits:append', { segmentation, bytes })).ok) return;
    work.entries.push(entry);
    work.pending = undefined;
  }
}

/** What was asked for last may have been done or not; it then is as if it was. */
async function expectKept({ ask }: Served, segmentation: string, work: Work): Promise<void> {
  const { entries, bytes } = await ask('edits:load', { segmentation });
  const { pending } = work;
  // A mask is only replaced by a save, and looking at it takes a process of its own.
  const value = pending && 'entry' in pending ? work.saved : await firstLabel(ask, `${segmentation}/mask`);
  if (pending && 'saved' in pending && value === pending.saved && entries === 0)
    Object.assign(work, { saved: pending.saved, entries: [] });
  if (pending && 'entry' in pending && entries === work.entries.length + 1) work.entries.push(pending.entry);
  work.pending = undefined;
  expect([value, entries]).toEqual([work.saved, work.entries.length]);
  const expected = work.entries.flatMap((entry) => [Buffer.from(Uint32Array.of(entry.length).buffer), entry]);
  expect(Buffer.concat(expected).equals(Buffer.from(bytes))).toBe(true);
}

async function firstLabel(ask: Served['ask'], volume: string): Promise<number | undefined> {
  await ask('volumes:open', { volume });
  const { bytes } = await ask('volumes:slices', { volume, channel: 0, from: 0, to: 1 });
  return new Uint8Array(bytes)[0];
}
