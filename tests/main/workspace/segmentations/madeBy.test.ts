import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { madeBy } from '../../../../main/workspace/segmentations/madeBy.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const report = {
  model: { name: 'tumour', version: '1.0.0' },
  method: 'direct',
  samples: 1,
  steps: null,
  start: null,
  seed: 0,
  seconds: { total: 2 },
  structures: ['whole', 'core', 'enhancing'].map((name, n) => ({
    value: n + 1,
    name,
    voxels: 8,
    volumeMl: 0.5,
    volumeMlLow: 0.4,
    volumeMlHigh: 0.6,
    volumeRange: 'one pass',
    meanEntropyBits: null,
  })),
  slicesToReview: [],
  warnings: [],
};

function folderWith(content: object): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'report.json'), JSON.stringify(content));
  return folder;
}

describe('madeBy', () => {
  it('says the most entropy there can be, which is larger where structures overlap', async () => {
    expect(await madeBy(folderWith({ ...report, mostEntropyBits: 3 }))).toMatchObject({ mostEntropyBits: 3 });
  });

  it('takes structures of an earlier report, which does not say it, to be apart', async () => {
    expect(await madeBy(folderWith(report))).toMatchObject({ mostEntropyBits: 2 });
  });

  it('knows nothing of a folder without a report', async () => {
    expect(await madeBy(temporaryFolder())).toBeNull();
  });
});
