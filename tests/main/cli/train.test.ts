import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../../main/services/models/folder.ts';
import { readRun } from '../../../main/training/run.ts';
import { runPython } from '../../support/python.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus } from '../datasets/folders.ts';
import { beginTinyRun } from '../training/tinyRun.ts';
import { parseLines, sfumato } from './launch.ts';
import { onSmallDisk } from './smallDisk.ts';
import { stopAt, type StopMoment } from './stoppedRun.ts';

const soon = 1500;

const train = (dataset: string, out: string, more: readonly string[] = []) =>
  sfumato(['train', dataset, '--out', out, '--device', 'cpu', '--threads', '2', ...more]);

/** The tests' data set in a place where a test may spoil it. */
function copyOfData(folder: string): string {
  const copy = join(folder, 'data');
  cpSync(hippocampus, copy, { recursive: true });
  return copy;
}

const spoil = `
import sys
import nibabel, numpy as np
path, kind = sys.argv[1:]
image = nibabel.load(path)
data = np.asarray(image.dataobj).copy()
affine = image.affine.copy()
if kind in ('nan', 'fraction'): data = data.astype(np.float32)
if kind == 'nan': data[3, 4, 5] = np.nan
if kind == 'constant': data[:] = 7
if kind == 'fraction': data[3, 4, 5] = 0.5
if kind == 'unknown': data[3, 4, 5] = 9
if kind == 'shifted': affine[0, 3] += 5
if kind == 'cropped': data = data[1:]
nibabel.save(nibabel.Nifti1Image(data, affine), path)
print(1)`;

describe('sfumato train', () => {
  it('plans, trains, and ends with a model that segments', { timeout: 300_000 }, async () => {
    const folder = temporaryFolder();
    const run = join(folder, 'run');
    const settings = ['--set', 'batchSize=1', '--set', 'validationCases=1', '--set', 'timesteps=1000'];
    const { code, stdout, stderr } = await train(hippocampus, run, ['--steps', '2', ...settings, '--json']);
    expect(code, stderr).toBe(0);
    const events = parseLines(stdout);
    const labels = [...new Set(events.map(({ label }) => label))];
    expect(labels).toEqual(['Looking at the images', 'Preparing the images', 'Training', undefined]);
    expect(events.at(-1)).toMatchObject({
      event: 'result',
      model: join(run, 'model'),
      steps: 2,
      device: 'cpu',
      threads: 2,
    });
    const { description } = await openModel(join(run, 'model'));
    expect(description).toMatchObject({
      channels: [{ name: 'MRI' }],
      labels: [{ value: 0 }, { value: 1, name: 'Anterior' }, { value: 2, name: 'Posterior' }],
      networks: { diffusion: { strategy: 'recycling', prediction: 'xStart', timesteps: 1000 } },
      recommended: { method: 'diffusion' },
      training: { cases: 8, runs: [{ network: 'diffusion', seed: 0, steps: 2 }], scores: [] },
    });
    expect(description.training.caseHashes).toHaveLength(10);
    expect(JSON.stringify(description)).not.toContain('hippocampus_0');

    const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');
    const args = ['segment', scan, '--model', join(run, 'model'), '--out', join(folder, 'out'), '--device', 'cpu'];
    expect(await sfumato([...args, '--samples', '1', '--steps', '1'])).toMatchObject({ code: 0 });

    const again = await train(hippocampus, run, ['--steps', '2']);
    expect(again.code).toBe(3);
    expect(again.stderr).toContain(`error: a training is there already (${run}). Go on with --resume`);
  });

  it('resumes what is over by writing its model again, with the same weights', async () => {
    const run = join(temporaryFolder(), 'run');
    await beginTinyRun(run, { steps: 3 });
    expect(await train(hippocampus, run, ['--resume'])).toMatchObject({ code: 0 });
    const weights = readFileSync(join(run, 'model', 'weights.safetensors'));
    rmSync(join(run, 'model'), { recursive: true });
    const other = await train(hippocampus, run, ['--resume', '--threads', '1']);
    expect(other).toMatchObject({ code: 0 });
    expect(other.stderr).toContain('Started with --threads 2: with 1, the last bits');
    expect(readFileSync(join(run, 'model', 'weights.safetensors')).equals(weights)).toBe(true);
  });

  it('that diverges exits with 3 and says what to do', async () => {
    const run = join(temporaryFolder(), 'run');
    await beginTinyRun(run, { steps: 20, settings: { learningRate: 1e6, validations: 1 } });
    const { code, stderr } = await train(hippocampus, run, ['--resume']);
    expect(code, stderr).toBe(3);
    expect(stderr).toMatch(/^error: the training diverged: .+ \(step \d+\)\. .+--set learningRate=/m);
    expect(existsSync(join(run, 'model'))).toBe(false);
  });
});

describe('bad data exits with 3 before a step is trained:', () => {
  it.each([
    ['nan', 'images', /a voxel is NaN/],
    ['constant', 'images', /every voxel is 7/],
    ['fraction', 'labels', /whole|integer|0\.5/],
    ['unknown', 'labels', /label value 9 is not known/],
    ['shifted', 'labels', /image and label of hippocampus_007 differ in/],
    ['cropped', 'labels', /image and label of hippocampus_007 differ in/],
  ] as const)('%s in the %s', async (kind, where, message) => {
    const folder = temporaryFolder();
    const data = copyOfData(folder);
    // A case of validation, that the plan does not look at.
    const file = join(data, `${where}Tr`, 'hippocampus_007.nii.gz');
    await runPython(spoil, [file, kind]);
    const { code, stderr } = await train(data, join(folder, 'run'), ['--steps', '2']);
    expect(code, stderr).toBe(3);
    expect(stderr).toMatch(message);
    expect(stderr).toContain(`(${file})`);
    expect(existsSync(join(folder, 'run', 'run.json'))).toBe(false);
  });

  it('one patient only', async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'data');
    for (const part of ['images', 'labels']) {
      mkdirSync(join(data, part), { recursive: true });
      cpSync(join(hippocampus, `${part}Tr`, 'hippocampus_007.nii.gz'), join(data, part, 'one.nii.gz'));
    }
    for (const command of [
      ['train', data, '--out', join(folder, 'run'), '--device', 'cpu'],
      ['plan', data],
    ]) {
      const { code, stderr } = await sfumato(command);
      expect(code).toBe(3);
      expect(stderr).toMatch(/too few patients .+ At least two patients/);
    }
  });

  it.each([
    ['a missing folder', 'nowhere', /this is not a folder/],
    ['a folder that is no data set', '.', /no data set/],
  ])('%s', async (_, name, message) => {
    const folder = temporaryFolder();
    const { code, stderr } = await train(join(folder, name), join(folder, 'run'));
    expect(code).toBe(3);
    expect(stderr).toMatch(message);
  });

  it('a run that is not there, a damaged record, and a damaged checkpoint', async () => {
    const run = join(temporaryFolder(), 'run');
    const nothing = await train(hippocampus, run, ['--resume']);
    expect(nothing.code).toBe(3);
    expect(nothing.stderr).toMatch(/there is no training to go on with \(.*run\)/);
    await beginTinyRun(run);
    writeFileSync(join(run, 'checkpoint.safetensors'), 'short');
    const damaged = await train(hippocampus, run, ['--resume']);
    expect(damaged.code).toBe(3);
    expect(damaged.stderr).toMatch(/the checkpoint is damaged/);
    writeFileSync(join(run, 'run.json'), '{"schema":1}');
    const { code, stderr } = await train(hippocampus, run, ['--resume']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/the record of the run is damaged/);
  });

  it('a full disk, leaving what was there', async () => {
    const disk = temporaryFolder();
    const could = await onSmallDisk(disk, '300k', async () => {
      const run = join(disk, 'run');
      const { code, stderr } = await train(hippocampus, run, ['--steps', '2']);
      expect(code, stderr).toBe(3);
      expect(stderr).toMatch(/the disk is full/);
      expect(readdirSync(run, { recursive: true }).filter((name) => String(name).includes('partial'))).toEqual([]);
    });
    if (!could)
      process.stdout.write('not allowed to mount a small disk: the full disk is tested by writing files alone\n');
  });
});

describe('wrong usage exits with 2:', () => {
  it.each([
    ['minutes and steps', ['--minutes', '5', '--steps', '5'], /minutes and steps are both given/],
    ['an unknown setting', ['--set', 'learnRate=1'], /--set learnRate/],
    ['a schedule that does not end in noise', ['--set', 'timesteps=2', '--set', 'schedule=cosine'], /schedule/],
    ['steps of a training that goes on', ['--resume', '--steps', '9'], /a training goes on as it was started/],
  ])('%s', async (_, more, message) => {
    const folder = temporaryFolder();
    const { code, stderr } = await train(hippocampus, join(folder, 'run'), more);
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(join(folder, 'run', 'run.json'))).toBe(false);
  });
});

describe('Ctrl-C while training', () => {
  it.each<[string, StopMoment]>([
    ['while it starts', { milliseconds: 700 }],
    ['while it compiles', { line: '"Preparing the images"', milliseconds: 400 }],
    ['in its steps', { line: '"Training"', milliseconds: 300 }],
  ])('ends in time, says how to resume, and leaves nothing half-written: %s', async (_, moment) => {
    const run = join(temporaryFolder(), 'run');
    const record = await beginTinyRun(run, { steps: 5000, settings: { validations: 1 } });
    const args = ['train', hippocampus, '--out', run, '--resume', '--device', 'cpu', '--threads', '2'];
    const { code, stderr, took } = await stopAt(args, moment);
    expect(took).toBeLessThan(soon);
    if (code !== null) expect(code).toBe(5);
    if (moment.line !== undefined)
      expect(stderr).toContain(
        `stopped (sfumato train). Go on with \`sfumato train ${hippocampus} --out ${run} --threads 2 --device cpu --resume\`.`,
      );
    const left = readdirSync(run, { recursive: true }).map(String);
    expect(left.filter((name) => name.includes('partial'))).toEqual([]);
    expect(await readRun(run)).toEqual(record);
  });

  it('before there is a training does not promise that it can go on', async () => {
    const run = join(temporaryFolder(), 'run');
    const args = ['train', hippocampus, '--out', run, '--steps', '2', '--device', 'cpu'];
    const { code, stderr, took } = await stopAt(args, { line: '"Preparing the images"', milliseconds: 0 });
    expect({ code, isSoon: took < soon }).toEqual({ code: 5, isSoon: true });
    expect(stderr).toContain('stopped (sfumato train). Run the command again to start over.');
    expect(existsSync(join(run, 'run.json'))).toBe(false);
  });
});
