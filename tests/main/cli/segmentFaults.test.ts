import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { runPython } from '../../support/python.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { loudWeights, writeTinyModel } from '../services/segmentation/tinyModel.ts';
import { hippocampus } from '../datasets/folders.ts';
import { sfumato, type Ended } from './launch.ts';
import { onSmallDisk } from './smallDisk.ts';

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');
const other = join(hippocampus, 'imagesTr', 'hippocampus_026.nii.gz');

const segment = (args: readonly string[]): Promise<Ended> => sfumato(['segment', ...args, '--device', 'cpu']);

/** Nothing of a failed run stays: no case, no temporary file, no half of either. */
function expectNothing(out: string): void {
  if (existsSync(out)) expect(readdirSync(out, { recursive: true })).toEqual([]);
}

async function setting(model: Parameters<typeof writeTinyModel>[1] = { kinds: ['direct'] }) {
  const folder = temporaryFolder();
  return { folder, out: join(folder, 'out'), model: (await writeTinyModel(join(folder, 'model'), model)).folder };
}

const spoil = `
import json, sys
import nibabel, numpy as np
source, kind, target = sys.argv[1:]
image = nibabel.load(source)
data = np.asarray(image.dataobj).astype(np.float32)
if kind == 'nan': data[3, 4, 5] = np.nan
if kind == 'infinite': data[3, 4, 5] = np.inf
if kind == 'constant': data[:] = 7
if kind == '5-D': data = np.stack([np.stack([data, data], -1)] * 2, -1)
nibabel.save(nibabel.Nifti1Image(data, image.affine), target)
print(1)`;

describe('an image that is no image exits with 3 and leaves nothing:', () => {
  let bytes: Buffer;
  beforeAll(() => {
    bytes = readFileSync(scan);
  });

  it.each([
    ['nan', /voxel \d+ is NaN/],
    ['infinite', /voxel \d+ is Infinity/],
    ['constant', /every voxel has the same value/],
    ['5-D', /every voxel is 2 numbers/],
  ])('%s', async (kind, message) => {
    const { folder, out, model } = await setting();
    const image = join(folder, 'image.nii.gz');
    await runPython(spoil, [scan, kind, image]);
    const { code, stderr } = await segment([image, '--model', model, '--out', out]);
    expect(code, stderr).toBe(3);
    expect(stderr).toMatch(message);
    expect(stderr).toContain(`(${image})`);
    expectNothing(out);
  });

  it.each([
    ['truncated gzip', 'image.nii.gz', () => bytes.subarray(0, bytes.length >> 1), /cut off/],
    ['header only', 'image.nii', () => gunzipSync(bytes).subarray(0, 352), /.+/],
    ['empty', 'image.nii', () => Buffer.alloc(0), /empty/],
    ['text', 'image.nii', () => Buffer.from('hello'), /.+/],
  ])('%s', async (_, name, content, message) => {
    const { folder, out, model } = await setting();
    const image = join(folder, name);
    writeFileSync(image, content());
    const { code, stderr } = await segment([image, '--model', model, '--out', out]);
    expect(code, stderr).toBe(3);
    expect(stderr).toMatch(message);
    expect(stderr).toContain(image);
    expectNothing(out);
  });

  it('missing', async () => {
    const { out, model } = await setting();
    expect(await segment(['nowhere.nii', '--model', model, '--out', out])).toMatchObject({ code: 3 });
    expectNothing(out);
  });

  it('one constant sequence of several, named', async () => {
    const { folder, out, model } = await setting({ channels: ['T1', 'FLAIR'], kinds: ['direct'] });
    await runPython(spoil, [scan, 'constant', join(folder, 'flat.nii.gz')]);
    const args = ['--channel', `T1=${scan}`, '--channel', `FLAIR=${join(folder, 'flat.nii.gz')}`];
    const { code, stderr } = await segment([...args, '--model', model, '--out', out]);
    expect({ code, named: stderr.includes('FLAIR') }).toEqual({ code: 3, named: true });
  });

  it('sequences on different grids, naming both', async () => {
    const { folder, out, model } = await setting({ channels: ['T1', 'FLAIR'], kinds: ['direct'] });
    const numbered = [join(folder, 'case_0000.nii.gz'), join(folder, 'case_0001.nii.gz')] as const;
    cpSync(scan, numbered[0]);
    cpSync(other, numbered[1]);
    for (const [args, [first, second]] of [
      [
        ['--channel', `T1=${scan}`, '--channel', `FLAIR=${other}`],
        [scan, other],
      ],
      [numbered, numbered],
    ] as const) {
      const { code, stderr } = await segment([...args, '--model', model, '--out', out]);
      expect(code, stderr).toBe(3);
      expect(stderr).toContain(`(${first} and ${second})`);
      expectNothing(out);
    }
  });
});

describe('a model that is bad or does not fit exits with 6 and leaves nothing:', () => {
  it('wrong number of channels', async () => {
    const { out, model } = await setting({ channels: ['T1', 'FLAIR'], kinds: ['direct'] });
    const { code, stderr } = await segment([scan, '--model', model, '--out', out]);
    expect(code).toBe(6);
    expect(stderr).toMatch(/takes 2 sequences \(T1, FLAIR\), and the image has 1/);
    expectNothing(out);
  });

  it.each([
    [
      'changed weights',
      (file: string) => {
        writeFileSync(file, readFileSync(file).reverse());
      },
      /checksum is wrong/,
    ],
    [
      'a missing file',
      (file: string) => {
        rmSync(file);
      },
      /a file of the model is missing/,
    ],
  ])('%s', async (_, harm, message) => {
    const { out, model } = await setting();
    harm(join(model, 'direct.safetensors'));
    const { code, stderr } = await segment([scan, '--model', model, '--out', out]);
    expect(code).toBe(6);
    expect(stderr).toMatch(message);
    expect(stderr).toContain(join(model, 'direct.safetensors'));
    expectNothing(out);
  });

  it('no model at all', async () => {
    const { folder, out } = await setting();
    expect(await segment([scan, '--model', folder, '--out', out])).toMatchObject({ code: 6 });
  });

  it.each([
    [
      'a weight too few',
      (weights: Map<string, unknown>) => weights.delete('head.bias'),
      /a weight is missing \(head\.bias/,
    ],
    [
      'weights that are no numbers',
      (weights: Map<string, unknown>) =>
        weights.set('head.bias', { type: 'F32', shape: [3], data: Float32Array.of(0, NaN, 0) }),
      /values that are no numbers/,
    ],
  ])('%s', async (_, harm, message) => {
    const { out, model } = await setting({
      kinds: ['direct'],
      weights: (network) => {
        const weights = new Map(loudWeights(network));
        harm(weights);
        return weights;
      },
    });
    const { code, stderr } = await segment([scan, '--model', model, '--out', out]);
    expect(code, stderr).toBe(6);
    expect(stderr).toMatch(message);
    expectNothing(out);
  });

  it.each(['ensemble', 'pd-ddpm'])('a method whose network it lacks: %s', async (method) => {
    const { out, model } = await setting();
    const { code, stderr } = await segment([scan, '--model', model, '--out', out, '--method', method]);
    expect(code).toBe(6);
    expect(stderr).toMatch(/needs a diffusion network/);
  });
});

describe('what makes no sense exits with 2:', () => {
  it.each([
    ['samples of the direct method', ['--method', 'direct', '--samples', '4'], /draws no samples \(--samples\)/],
    ['steps of the direct method', ['--method', 'direct', '--steps', '4'], /draws no samples \(--steps\)/],
    ['more steps than the chain has', ['--steps', '1001'], /1001 steps/],
    ['a start at nothing', ['--method', 'pd-ddpm', '--start', '0'], /"0" is not accepted/],
    ['a start beyond the chain', ['--method', 'pd-ddpm', '--start', '1.01'], /"1.01" is not accepted/],
    ['an unknown volume', ['--save', 'mask,maks'], /--save/],
    ['an unknown channel', ['--channel', `T2=${scan}`], /takes the channels T1|both images and channels/],
  ])('%s', async (_, more, message) => {
    const { out, model } = await setting({});
    const { code, stderr } = await segment([scan, '--model', model, '--out', out, ...more]);
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(message);
    expectNothing(out);
  });

  it('no image, and two of one name', async () => {
    const { folder, out, model } = await setting();
    mkdirSync(join(folder, 'b'));
    const twin = join(folder, 'b', 'hippocampus_025.nii.gz');
    cpSync(scan, twin);
    const none = await segment(['--model', model, '--out', out]);
    const twins = await segment([scan, twin, '--model', model, '--out', out, '--force']);
    expect([none.code, twins.code]).toEqual([2, 2]);
    expect(twins.stderr).toContain('two images would both be called hippocampus_025');
    expectNothing(out);
  });
});

describe('results that exist', () => {
  it('are refused before any work, and replaced whole with --force', async () => {
    const { out, model } = await setting();
    // The second of two: the first must not be worked on either.
    const result = join(out, 'hippocampus_026');
    mkdirSync(result, { recursive: true });
    writeFileSync(join(result, 'mine.txt'), 'mine');
    const refused = await segment([scan, other, '--model', model, '--out', out]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain(`this exists already (${result})`);
    expect(readdirSync(out)).toEqual(['hippocampus_026']);
    expect(readdirSync(result)).toEqual(['mine.txt']);
    expect(await segment([other, '--model', model, '--out', out, '--force'])).toMatchObject({ code: 0 });
    expect(readdirSync(result)).not.toContain('mine.txt');
    expect(readdirSync(out)).toEqual(['hippocampus_026']);
  });

  it('survive a run with --force that fails', async () => {
    const { folder, out, model } = await setting();
    const result = join(out, 'image');
    mkdirSync(result, { recursive: true });
    writeFileSync(join(result, 'mine.txt'), 'mine');
    await runPython(spoil, [scan, 'nan', join(folder, 'image.nii.gz')]);
    const { code } = await segment([join(folder, 'image.nii.gz'), '--model', model, '--out', out, '--force']);
    expect(code).toBe(3);
    expect(readdirSync(result)).toEqual(['mine.txt']);
  });
});

describe('a place that cannot be written', () => {
  it('that is full exits with 3, naming it, with nothing left and what was there kept', async () => {
    const { folder, model } = await setting();
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const could = await onSmallDisk(disk, '600k', async () => {
      const { code, stderr } = await segment([scan, '--model', model, '--out', join(disk, 'out')]);
      expect(code, stderr).toBe(3);
      expect(stderr).toMatch(/the disk is full \(.*disk.*\)/);
      expectNothing(join(disk, 'out'));
    });
    if (!could)
      process.stdout.write('not allowed to mount a small disk: the full disk is tested by writing files alone\n');
  });

  it('that is a file exits with 3', async () => {
    const { folder, model } = await setting();
    writeFileSync(join(folder, 'file'), '');
    const { code, stderr } = await segment([scan, '--model', model, '--out', join(folder, 'file')]);
    expect(code, stderr).toBe(3);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('');
  });
});
