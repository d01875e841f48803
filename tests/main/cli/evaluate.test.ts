import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus } from '../datasets/folders.ts';
import { labelOf, writeTinyModel } from '../services/evaluation/tinyModel.ts';
import { launch, parseLines, sfumato } from './launch.ts';

const labels = join(hippocampus, 'labelsTr');

describe('sfumato evaluate PREDICTIONS LABELS', () => {
  it('leaves a folder of figures, and prints them for machines', async () => {
    const out = join(temporaryFolder(), 'out');
    const { code, stdout, stderr } = await sfumato(['evaluate', labels, labels, '--out', out, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = parseLines(stdout);
    expect(events.slice(0, -1).every(({ event }) => event === 'progress')).toBe(true);
    expect(events.at(-1)).toMatchObject({
      event: 'result',
      folder: out,
      cases: 12,
      persons: 8,
      summary: [{ structure: 'Anterior', metrics: { dice: { mean: 1 }, hausdorff95: { mean: 0 } } }, {}, {}],
      worst: [{ dice: 1 }, {}, {}, {}, {}],
      warnings: [],
    });
    expect(readdirSync(out).toSorted()).toEqual(['metrics.csv', 'metrics.json', 'report.html']);

    const again = ['evaluate', labels, labels, '--out', out];
    // Before any work: the labels are not even looked for.
    const refused = await sfumato(['evaluate', labels, 'nowhere', '--out', out]);
    expect(refused).toEqual({ code: 3, stdout: '', stderr: expect.stringContaining('this exists already') as unknown });
    const people = await sfumato([...again, '--force']);
    expect(people.code).toBe(0);
    expect(people.stdout).toMatch(/^Anterior +1\.000 +1\.000 to 1\.000 +0\.000 +1\.000 +0\.00 +1\.000$/m);
  });

  it('exits with 3 for volumes on different grids, naming both', async () => {
    const out = join(temporaryFolder(), 'out');
    const files = ['hippocampus_025', 'hippocampus_011'].map(labelOf);
    const { code, stderr } = await sfumato(['evaluate', ...files, '--out', out]);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^error: prediction and label of hippocampus_011 differ in shape .+\(.+_025.+ and .+_011.+\)\. /,
    );
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    ['neither labels nor a model', [labels], 'neither labels nor a model'],
    ['labels and a model', [labels, labels, '--model', 'm'], 'both labels and a model'],
    ['what is for a model', [labels, labels, '--compare-method', 'direct'], 'this is for a model (--compare-method)'],
    ['leave to use seen cases without a model', [labels, labels, '--allow-seen'], '(--allow-seen)'],
    ['a tolerance that is none', [labels, labels, '--tolerance', '-1'], '--tolerance'],
    ['samples of a method without', [hippocampus, '--model', 'M', '--method', 'direct', '--samples', '2'], '--samples'],
  ])('exits with 2 for %s', async (_name, args, message) => {
    const home = temporaryFolder();
    await writeTinyModel(join(home, 'models', 'M'));
    const given = args.map((word) => (word === 'M' ? 'hippocampus-example' : word));
    const { code, stderr } = await sfumato(['evaluate', ...given, '--out', join(home, 'out')], { SFUMATO_HOME: home });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('sfumato evaluate DATASET --model', () => {
  /** A command line for a model that was trained on some persons of the tests' data set, and where its results go. */
  async function prepare(...more: readonly string[]): Promise<{ out: string; args: readonly string[] }> {
    const folder = temporaryFolder();
    const { folder: model } = await writeTinyModel(join(folder, 'model'), {
      seen: ['hippocampus_006', 'hippocampus_007'],
    });
    const out = join(folder, 'out');
    return { out, args: ['evaluate', hippocampus, '--model', model, '--out', out, '--device', 'cpu', ...more] };
  }

  it('scores the test split, and a second method beside it', async () => {
    const { out, args } = await prepare('--compare-method', 'diffusion', '--samples', '1', '--steps', '2', '--json');
    const { code, stdout, stderr } = await sfumato(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(parseLines(stdout).at(-1)).toMatchObject({
      event: 'result',
      title: 'Hippocampus, 12 of 260, test split',
      model: 'hippocampus-example 1.0.0, direct',
      cases: 2,
      persons: 1,
      calibrationError: expect.any(Number) as unknown,
      seconds: { count: 2 },
      comparison: {
        model: 'hippocampus-example 1.0.0, diffusion, 1 sample of 2 steps (DDIM)',
        structures: [{ metrics: { dice: { count: 2 } } }, {}, {}],
      },
    });
    const { cases, comparison } = JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(cases).toHaveLength(2);
    expect(comparison).toMatchObject({ cases: [{ case: expect.any(String) as unknown }, {}] });
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('Against hippocampus-example 1.0.0, diffusion');
  });

  it('exits with 3 for cases that the model was trained on, unless they are allowed', async () => {
    const { out, args } = await prepare('--split', 'validation');
    const refused = await sfumato(args);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/^error: 2 of 2 cases show persons .+test split.+unseen data.+--allow-seen/);
    expect(existsSync(out)).toBe(false);
    const allowed = await sfumato([...args, '--allow-seen']);
    expect(allowed.code).toBe(0);
    const warning = '2 of 2 cases show persons whom the model hippocampus-example was trained on';
    expect(allowed.stderr).toContain(`warning: ${warning}`);
    for (const file of ['metrics.json', 'report.html'])
      expect(readFileSync(join(out, file), 'utf8')).toContain(warning);
    expect(readFileSync(join(out, 'metrics.csv'), 'utf8')).toMatch(/^hippocampus_007,.+,true\r$/m);
  });

  it('exits with 6 for a model that is none, and with 3 for a data set that is none', async () => {
    const { out, args } = await prepare();
    expect((await sfumato(['evaluate', hippocampus, '--model', labels, '--out', out])).code).toBe(6);
    expect((await sfumato(args.map((word) => (word === hippocampus ? labels : word)))).code).toBe(3);
  });

  it('ends within a second of Ctrl-C and leaves nothing', async () => {
    const { out, args } = await prepare('--method', 'diffusion', '--samples', '1000', '--json');
    const run = launch('sfumato', args);
    await run.spoke;
    const start = performance.now();
    process.kill(-run.process.pid!, 'SIGINT');
    const { code, stdout } = await run.ended;
    // The promise is one second; the rest is for a machine that is busy with other tests.
    expect(performance.now() - start).toBeLessThan(1500);
    expect(code).toBe(5);
    expect(parseLines(stdout)[0]).toMatchObject({ event: 'progress', total: 2 * 2 * 1000 });
    expect(parseLines(stdout).at(-1)).toMatchObject({ event: 'error', kind: 'cancelled' });
    expect(readdirSync(join(out, '..'))).toEqual(['model']);
  });
});
