import { join } from 'node:path';
import { expect, it } from 'vitest';
import { builtPages, openInterface } from './interface.ts';
import { writeScan } from './scan.ts';
import { beginWithSample, mostMilliseconds, openStudy, slow, timeToButton } from './steps.ts';

const pages = builtPages();
const shape = [256, 256, 160] as const;

it('cancels an operation on a large structure at once, and nothing has changed', async () => {
  const { page, ask, folder, errors } = await openInterface(pages);
  const path = join(folder, 'large.nii');
  await writeScan(path, shape);
  const [study] = (await ask('studies:open', { paths: [path] })).studies;
  const { volume } = study!.volumes[0]!;
  const structures = [{ value: 1, name: 'half', colour: '#e69f00', locked: false }];
  const { segmentation } = await ask('segmentations:create', { volume, name: 'half', structures });
  const size = shape[0] * shape[1] * shape[2];
  const labels = new Uint8Array(size).fill(1, 0, size / 2);
  await ask('segmentations:save', { segmentation, dataType: 'uint8', bytes: labels.buffer });

  await beginWithSample(page);
  await openStudy(page, 'large.nii');
  await page.getByRole('tab', { name: 'Structures' }).click();
  const grow = page.getByRole('button', { name: 'Grow' });
  await grow.click(slow);
  const cancel = page.getByRole('button', { name: 'Cancel' });
  await cancel.waitFor(slow);
  expect(await timeToButton(cancel, 'Grow')).toBeLessThan(mostMilliseconds);
  expect(await page.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true);

  // And it can be done: undo then has its name.
  await grow.click();
  await page.getByRole('button', { name: 'Undo: Grow' }).waitFor(slow);
  expect(errors).toEqual([]);
}, 300_000);
