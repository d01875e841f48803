import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testHost } from './testHost.ts';

const series = join(import.meta.dirname, '../../data/dicom-series/ct-siemens-j2k');

it('shows a series while it is being read, and tells when all of it is there', async () => {
  const { ask, client } = await testHost();
  const [study] = (await ask('studies:open', { paths: [series] })).studies;
  const { volume } = study!.volumes[0]!;
  const whole = new Promise((resolve) => {
    client.on('volume:whole', (told) => {
      resolve(told);
    });
  });
  const { grid, dataType, windows } = await ask('volumes:open', { volume });
  expect(windows).toEqual([]);
  const slices = { volume, channel: 0, from: 0, to: grid.shape[2] };
  const { bytes, ...sent } = await ask('volumes:slices', slices);
  expect([sent.dataType, bytes.byteLength]).toEqual([dataType, 2 * grid.shape[0] * grid.shape[1] * grid.shape[2]]);
  expect(await whole).toEqual({ volume });
  const facts = await ask('volumes:open', { volume });
  expect([facts.whole, facts.windows.length > 0]).toEqual([true, true]);
});
