import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readImage } from '../../../main/imaging/image.ts';
import { onSmallDisk } from '../cli/smallDisk.ts';
import { hippocampus } from '../datasets/folders.ts';
import { dciodvfyErrors } from '../../support/dciodvfy.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { testHost, type TestHost } from './testHost.ts';

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');
const series = join(import.meta.dirname, '../../data/dicom-series/ct-ge-23x38');
const structures = [{ value: 3, name: 'Left hippocampus', colour: '#112233', locked: false }];

/** A study whose labels are 3 in the second half of the voxels. */
async function drawn({ ask }: TestHost, path: string) {
  const [study] = (await ask('studies:open', { paths: [path] })).studies;
  const { volume } = study!.volumes[0]!;
  const { grid } = await ask('volumes:open', { volume });
  const voxels = grid.shape[0] * grid.shape[1] * grid.shape[2];
  const { segmentation } = await ask('segmentations:create', { volume, name: 'drawn', structures });
  const labels = new Uint8Array(voxels).fill(3, voxels >> 1);
  await ask('segmentations:save', { segmentation, dataType: 'uint8', bytes: labels.slice().buffer });
  const count = voxels - (voxels >> 1);
  return { count, exported: { segmentation, map: 'mask' as const, replace: false } };
}

it('offers DICOM where the study is DICOM, and writes SEG and RTSTRUCT that refer to its files', async () => {
  const host = await testHost();
  const { count, exported } = await drawn(host, series);
  const formats = await host.ask('segmentations:formats', { segmentation: exported.segmentation });
  const kinds = formats.flatMap(({ dicom }) => dicom ?? []);
  expect(kinds).toEqual(['seg', 'rtstruct']);
  for (const dicom of kinds) {
    const folder = temporaryFolder();
    const path = join(folder, 'mask.dcm');
    await host.ask('segmentations:export', { ...exported, path, dicom });
    // Contours are read on the images that they were drawn on.
    cpSync(series, folder, { recursive: true });
    expect(await dciodvfyErrors(path), dicom).toEqual([]);
    const { segments, volume } = await readImage(path);
    expect(segments, dicom).toMatchObject([{ name: 'Left hippocampus', colour: '#112233' }]);
    expect(volume.data.filter((value) => value !== 0).length, dicom).toBe(count);
  }
});

it('refuses DICOM for what it cannot refer to, or is no mask', async () => {
  const host = await testHost();
  const { exported } = await drawn(host, scan);
  const { segmentation } = exported;
  expect((await host.ask('segmentations:formats', { segmentation })).flatMap(({ dicom }) => dicom ?? [])).toEqual([]);
  const path = join(temporaryFolder(), 'mask.dcm');
  const reply = await host.client.call('segmentations:export', { ...exported, path });
  expect(reply).toMatchObject({ ok: false, problem: { kind: 'data' } });
  expect(existsSync(path)).toBe(false);
});

it('says that the disk is full, leaves no half file, and lives on', async (context) => {
  const host = await testHost();
  const { exported } = await drawn(host, scan);
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'disk'));
  const path = join(folder, 'disk', 'mask.nii');
  const isMade = await onSmallDisk(join(folder, 'disk'), '16k', async () => {
    const reply = await host.client.call('segmentations:export', { ...exported, path });
    expect(reply).toMatchObject({
      ok: false,
      problem: { kind: 'data', what: expect.stringMatching(/full|space/) as string },
    });
    expect(readdirSync(join(folder, 'disk'))).toEqual([]);
  });
  if (!isMade) context.skip('this machine lets us make no small disk');
  await host.ask('segmentations:export', { ...exported, path });
  expect((await readImage(path)).volume.data.includes(3)).toBe(true);
});
