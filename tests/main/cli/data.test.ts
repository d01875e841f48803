import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { filePairs } from '../datasets/build/exports.ts';
import { hippocampus } from '../datasets/folders.ts';
import { parseLines, sfumato } from './launch.ts';
import { onSmallDisk } from './smallDisk.ts';
import { stopAt } from './stoppedRun.ts';

// The promise is one second; the rest is for a machine that is busy with other tests.
const soon = 1500;

describe('sfumato data', () => {
  it('builds, checks and splits, with 0 at each step and one JSON object a line', async () => {
    const folder = temporaryFolder();
    filePairs(join(folder, 'lab'), ['006', '007', '008', '011']);
    const out = join(folder, 'ds');
    const built = await sfumato(['data', 'build', join(folder, 'lab'), '--out', out, '--labels', 'Anterior=1,Posterior=2', '--json']); // prettier-ignore
    expect({ code: built.code, stderr: built.stderr }).toEqual({ code: 0, stderr: '' });
    expect(parseLines(built.stdout).at(-1)).toMatchObject({ event: 'result', dataset: out, patients: 4 });
    const checked = await sfumato(['data', 'check', out, '--json']);
    expect(checked.code).toBe(0);
    expect(parseLines(checked.stdout).at(-1)).toMatchObject({ event: 'result', cases: 4, errors: 0 });
    const split = await sfumato(['data', 'split', out, '--seed', '3']);
    expect(split).toMatchObject({ code: 0, stdout: expect.stringContaining('Anterior') as unknown });
    expect((await sfumato(['data', 'split', out])).code).toBe(3);
    expect(readdirSync(out).toSorted()).toEqual(['dataset.json', 'imagesTr', 'labelsTr', 'splits.json']);
  });

  it('ends check with 3 and the list where there is an error', async () => {
    const folder = join(temporaryFolder(), 'ds');
    cpSync(hippocampus, folder, { recursive: true });
    const description = readFileSync(join(folder, 'dataset.json'), 'utf8').replace(
      '"2": "Posterior"',
      '"3": "Posterior"',
    );
    writeFileSync(join(folder, 'dataset.json'), description);
    const { code, stdout, stderr } = await sfumato(['data', 'check', folder]);
    expect(code).toBe(3);
    expect(stdout).toContain('its label has values that are not known: 2 (0, 1, 3 are)');
    expect(stderr).toContain('12 errors');
  });

  it('refuses wrong options with 2', async () => {
    for (const wrong of [
      ['--labels', 'liver'],
      ['--channel', 'T1=('],
      ['--group-by', '('],
    ]) {
      // prettier-ignore
      const { code } = await sfumato(['data', 'build', hippocampus, '--out', join(temporaryFolder(), 'x'), ...wrong]);
      expect([wrong, code]).toEqual([wrong, 2]);
    }
  });

  it.each([
    ['while it starts', { milliseconds: 500 }],
    ['while it reads labels', { line: '"Reading labels"', milliseconds: 0 }],
    ['while it writes', { line: '"Building cases"', milliseconds: 50 }],
  ])('leaves nothing when stopped %s', async (_, moment) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'out'));
    const sources = Array.from({ length: 8 }, (_unused, n) => {
      cpSync(hippocampus, join(folder, `lab${n}`), { recursive: true });
      return join(folder, `lab${n}`);
    });
    const args = ['data', 'build', ...sources, '--out', join(folder, 'out', 'ds'), '--key', join(folder, 'out', 'key')];
    const { code, took } = await stopAt(args, moment);
    // Null: on a busy machine Node itself may not have been up yet.
    if (code !== null) expect(code).toBe(5);
    expect(took).toBeLessThan(soon);
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });

  it('leaves nothing on a full disk', async (context) => {
    const folder = temporaryFolder();
    const ran = await onSmallDisk(folder, '300k', async () => {
      const out = join(folder, 'ds');
      const { code, stderr } = await sfumato([
        'data',
        'build',
        hippocampus,
        '--out',
        out,
        '--key',
        join(folder, 'key'),
      ]);
      expect(code).toBe(3);
      expect(stderr).toContain('the disk is full');
      expect(readdirSync(folder)).toEqual([]);
      expect(existsSync(out)).toBe(false);
    });
    if (!ran) context.skip('no disk of its own can be mounted here');
  });
});
