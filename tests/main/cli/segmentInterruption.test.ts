import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { writeTinyModel } from '../services/segmentation/tinyModel.ts';
import { hippocampus } from '../datasets/folders.ts';
import { stopAt } from './stoppedRun.ts';

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');

// The promise is one second; the rest is for a machine that is busy with other tests.
const soon = 1500;

describe('Ctrl-C while segmenting ends in time, with 5, and leaves nothing half-written', () => {
  it.each([
    ['while it starts', { milliseconds: 500 }],
    ['while it reads', { milliseconds: 800 }],
    ['while it compiles', { milliseconds: 1000 }],
    ['in the network', { line: '"Segmenting"', milliseconds: 0 }],
    ['in the network, later', { line: '"Segmenting"', milliseconds: 700 }],
  ])('%s', async (_, moment) => {
    const folder = temporaryFolder();
    const { folder: model } = await writeTinyModel(join(folder, 'model'));
    const out = join(folder, 'out');
    const args = ['segment', scan, '--model', model, '--out', out, '--device', 'cpu', '--samples', '900'];
    const { code, stderr, took } = await stopAt(args, moment);
    // Null: on a busy machine Node itself may not have been up yet.
    if (code !== null)
      expect({ code, stderr }).toMatchObject({ code: 5, stderr: expect.stringContaining('stopped') as unknown });
    expect(took).toBeLessThan(soon);
    expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
  });

  it('and while it writes: the case is whole or not there', async () => {
    const folder = temporaryFolder();
    const { folder: model } = await writeTinyModel(join(folder, 'model'), { kinds: ['direct'] });
    for (const milliseconds of [0, 30, 100, 250]) {
      const out = join(folder, `out${milliseconds}`);
      const args = ['segment', scan, '--model', model, '--out', out, '--device', 'cpu'];
      const { code, took } = await stopAt(args, { line: '"done":8,"total":8', milliseconds });
      expect(took).toBeLessThan(soon);
      const there = existsSync(out) ? readdirSync(out) : [];
      expect(there.length === 0 || (there.length === 1 && there[0] === 'hippocampus_025'), String(there)).toBe(true);
      if (code === 0) expect(there).toEqual(['hippocampus_025']);
      else expect(code).toBe(5);
      if (there.length === 1) expect(readdirSync(join(out, 'hippocampus_025'))).toContain('report.json');
    }
  });
});
