import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { estimateMiB } from '../../../main/services/segmentation/memory.ts';
import { runPython } from '../../support/python.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { writeTinyModel } from '../services/segmentation/tinyModel.ts';
import { hippocampus } from '../datasets/folders.ts';
import { checkSegmentation } from './checkSegmentation.ts';
import { parseLines, sfumato } from './launch.ts';
import { reportSchema } from './segmentReport.ts';

const scan = (number: string): string => join(hippocampus, 'imagesTr', `hippocampus_${number}.nii.gz`);

async function segment(args: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const ended = await sfumato(['segment', ...args, '--device', 'cpu', '--threads', '2', '--json']);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return parseLines(ended.stdout);
}

const reportOf = (folder: string) => reportSchema.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')));

describe('sfumato segment', () => {
  it('leaves a whole folder on exactly the grid of the image, that agrees with itself and with its report', async () => {
    const folder = temporaryFolder();
    const model = await writeTinyModel(join(folder, 'model'));
    const out = join(folder, 'out');
    const args = [scan('025'), '--model', model.folder, '--out', out, '--method', 'ensemble', '--samples', '3'];
    const events = await segment([
      ...args,
      '--steps',
      '2',
      '--save',
      'mask,probability,entropy,samples',
      '--seed',
      '5',
    ]);
    const result = join(out, 'hippocampus_025');
    expect(readdirSync(out)).toEqual(['hippocampus_025']);
    expect(readdirSync(result).toSorted()).toEqual(
      ['entropy', 'mask', 'probability', 'samples']
        .map((name) => `${name}.nii.gz`)
        .concat('montage.png', 'report.html', 'report.json')
        .toSorted(),
    );
    const checked = await checkSegmentation(scan('025'), result, [0, 1, 300]);
    expect(checked).toMatchObject({
      grids: [true, true, true, true],
      simpleitk: true,
      types: ['uint16', 'float32', 'float32', 'uint16'],
      classes: 3,
      samples: 3,
      argmax: true,
      sampleValues: [0, 1, 300],
    });
    expect(checked.sums).toBeLessThan(1e-5);
    expect(checked.entropy).toBeLessThan(1e-5);
    const report = reportOf(result);
    expect(report).toMatchObject({
      case: 'hippocampus_025',
      input: { files: 1, shape: [35, 48, 35], spacing: [1, 1, 1] },
      model: { name: 'tiny', sha256: model.sha256 },
      method: 'ensemble',
      sampler: 'ddim',
      steps: 2,
      start: 1,
      samples: 3,
      seed: 5,
      device: 'cpu',
      threads: 2,
      warnings: [],
    });
    // A volume of 18 x 24 x 18 in patches of 16, direct once and three chains of two steps.
    expect(report.networkPasses).toBe(8 * (1 + 3 * 2));
    expect(events.filter(({ event }) => event === 'progress').at(-1)).toMatchObject({ done: 56, total: 56 });
    for (const [i, { voxels, volumeMl, volumeMlLow, volumeMlHigh, ...rest }] of report.structures.entries()) {
      expect(voxels).toBe(checked.voxels[i]);
      expect(volumeMl).toBeCloseTo(voxels / 1000, 9);
      expect(volumeMlLow).toBeCloseTo(Math.min(...checked.sampleVoxels[i]!) / 1000, 9);
      expect(volumeMlHigh).toBeCloseTo(Math.max(...checked.sampleVoxels[i]!) / 1000, 9);
      expect(rest.meanEntropyBits).toBeCloseTo(checked.bits[i]!, 4);
      expect(rest.volumeRange).toBe('range of 3 samples');
    }
    const parts = Object.entries(report.seconds).flatMap(([name, value]) => (name === 'total' ? [] : value));
    expect(parts.reduce((a, b) => a + b)).toBeCloseTo(report.seconds.total, 6);
    const [last] = (events.at(-1) as { results: unknown[] }).results;
    expect(last).toMatchObject({ folder: result, case: 'hippocampus_025' });
    const page = readFileSync(join(result, 'report.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toContain('anterior');
    expect(page).not.toMatch(/(src|href)="(?!data:|#)/);
  });

  it('keeps a header that is oblique, or has two unlike transforms, to the last bit', async () => {
    const folder = temporaryFolder();
    const { folder: model } = await writeTinyModel(join(folder, 'model'));
    const derive = `
import json, sys
import nibabel, numpy as np
image = nibabel.load(sys.argv[1])
data = np.asarray(image.dataobj)
a, b = np.radians([17.3, -8.1])
turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]]) @ np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
oblique = np.eye(4)
oblique[:3, :3] = turn @ np.diag([1.1, 0.95, 1.3])
oblique[:3, 3] = [12.34567, -98.7654, 3.14159]
for name, kind in [('sform', 's'), ('qform', 'q'), ('both', 'sq')]:
    made = nibabel.Nifti1Image(data, None)
    made.header.set_xyzt_units('mm')
    made.header.set_zooms((1.1, 0.95, 1.3))
    made.set_sform(oblique if 's' in kind else None, 2 if 's' in kind else 0)
    scanner = oblique.copy(); scanner[:3, 3] += 1
    made.set_qform(scanner if 'q' in kind else None, 1 if 'q' in kind else 0)
    nibabel.save(made, f'{sys.argv[2]}/{name}.nii.gz')
print(1)`;
    await runPython(derive, [scan('025'), folder]);
    const names = ['sform', 'qform', 'both'];
    const images = names.map((name) => join(folder, `${name}.nii.gz`));
    const all = ['--save', 'mask,probability,entropy,samples'];
    await segment([...images, '--model', model, '--out', join(folder, 'out'), ...all]);
    for (const [i, name] of names.entries())
      expect(await checkSegmentation(images[i]!, join(folder, 'out', name), [0, 1, 300])).toMatchObject({
        grids: [true, true, true, true],
        simpleitk: true,
      });
  });

  it('gives the same bytes for the same seed, others for another, whatever the samples', async () => {
    const folder = temporaryFolder();
    const { folder: model } = await writeTinyModel(join(folder, 'model'));
    const run = async (name: string, ...more: readonly string[]) => {
      const args = [scan('025'), '--model', model, '--out', join(folder, name), '--save', 'probability,samples'];
      await segment([...args, ...more]);
      const at = (file: string) => join(folder, name, 'hippocampus_025', file);
      expect([existsSync(at('mask.nii.gz')), existsSync(at('entropy.nii.gz'))]).toEqual([false, false]);
      return [readFileSync(at('probability.nii.gz')), readFileSync(at('samples.nii.gz'))];
    };
    const first = await run('a');
    expect(await run('b', '--seed', '0', '--samples', '2')).toEqual(first);
    expect(await run('c', '--seed', '1')).not.toEqual(first);
    expect(await run('d', '--sampler', 'ddpm')).not.toEqual(first);
  });

  it('finds the same places however the file turns its axes', async () => {
    const folder = temporaryFolder();
    const { folder: model } = await writeTinyModel(join(folder, 'model'));
    const turn = `
import json, sys
import nibabel
from nibabel.orientations import axcodes2ornt, io_orientation, ornt_transform
image = nibabel.load(sys.argv[1])
paths = []
for code in ['RAS', 'LPS', 'SLP', 'AIR', 'PSL']:
    turned = image.as_reoriented(ornt_transform(io_orientation(image.affine), axcodes2ornt(code)))
    paths.append(f'{sys.argv[2]}/{code}.nii.gz')
    nibabel.save(turned, paths[-1])
print(json.dumps(paths))`;
    const paths = await runPython<string[]>(turn, [scan('025'), folder]);
    await segment([...paths, '--model', model, '--out', join(folder, 'out'), '--save', 'mask,probability']);
    const compare = `
import json, sys
import nibabel, numpy as np
def canonical(code, name):
    image = nibabel.as_closest_canonical(nibabel.load(f'{sys.argv[1]}/{code}/{name}.nii.gz'))
    return np.asarray(image.dataobj), image.affine
codes = ['RAS', 'LPS', 'SLP', 'AIR', 'PSL']
mask, affine = canonical('RAS', 'mask')
probability, _ = canonical('RAS', 'probability')
print(json.dumps([{
    'masks': bool((canonical(code, 'mask')[0] == mask).all()),
    'affine': float(np.abs(canonical(code, 'mask')[1] - affine).max()),
    'probability': float(np.abs(canonical(code, 'probability')[0] - probability).max()),
    'shape': nibabel.load(f'{sys.argv[1]}/{code}/mask.nii.gz').shape,
    'sides': np.unique(mask[:17]).tolist() + np.bincount((mask[:17] != mask[:-18:-1]).ravel()).tolist(),
} for code in codes]))`;
    const turned = await runPython<{ masks: boolean; affine: number; probability: number; sides: number[] }[]>(
      compare,
      [join(folder, 'out')],
    );
    for (const { masks, affine, probability, sides } of turned) {
      expect(masks).toBe(true);
      expect(affine).toBeLessThan(1e-4);
      expect(probability).toBeLessThan(1e-5);
      // The mask is not its own mirror image, so a flip would have shown.
      expect(sides.at(-1)).toBeGreaterThan(1000);
    }
  });

  it('segments several images, each into its own folder', async () => {
    const folder = temporaryFolder();
    const { folder: model } = await writeTinyModel(join(folder, 'model'), { kinds: ['direct'] });
    const out = join(folder, 'out');
    const events = await segment([scan('025'), scan('026'), '--model', model, '--out', out]);
    const names = ['hippocampus_025', 'hippocampus_026'];
    expect(readdirSync(out).toSorted()).toEqual(names);
    for (const name of names)
      expect(reportOf(join(out, name))).toMatchObject({ case: name, method: 'direct', samples: 1 });
    const labels = new Set(events.flatMap(({ label }) => (typeof label === 'string' ? label : [])));
    expect(labels).toContain('Segmenting image 2 of 2');
  });

  it('takes several sequences by name in any order, or as nnU-Net numbers them', async () => {
    const folder = temporaryFolder();
    const { folder: model } = await writeTinyModel(join(folder, 'model'), {
      channels: ['T1', 'FLAIR'],
      kinds: ['direct'],
    });
    const derive = `
import json, sys
import nibabel, numpy as np
image = nibabel.load(sys.argv[1])
other = np.asarray(image.dataobj)[::-1].astype(np.float32)
nibabel.save(image, f'{sys.argv[2]}/case_0000.nii.gz')
nibabel.save(nibabel.Nifti1Image(other, image.affine), f'{sys.argv[2]}/case_0001.nii.gz')
print(1)`;
    await runPython(derive, [scan('025'), folder]);
    const [t1, flair] = ['0000', '0001'].map((number) => join(folder, `case_${number}.nii.gz`));
    const maskOf = async (out: string, name: string, args: readonly string[]) => {
      await segment([...args, '--model', model, '--out', join(folder, out)]);
      expect(reportOf(join(folder, out, name)).input).toMatchObject({ files: 2, shape: [35, 48, 35, 2] });
      return readFileSync(join(folder, out, name, 'mask.nii.gz'));
    };
    const numbered = await maskOf('a', 'case', [flair!, t1!]);
    const named = await maskOf('b', 'case_0000', ['--channel', `FLAIR=${flair!}`, '--channel', `T1=${t1!}`]);
    const swapped = await maskOf('c', 'case_0001', ['--channel', `FLAIR=${t1!}`, '--channel', `T1=${flair!}`]);
    expect(named.equals(numbered)).toBe(true);
    expect(swapped.equals(numbered)).toBe(false);
  });

  it('uses smaller windows where memory is short, and says so', async () => {
    const folder = temporaryFolder();
    const model = await writeTinyModel(join(folder, 'model'), { kinds: ['direct'], side: 32 });
    const { network } = model.description.networks.direct!;
    const size = { imageVoxels: 35 * 48 * 35, networkVoxels: 18 * 24 * 18, channels: 1, classes: 3 };
    const allowed = estimateMiB(size, network, [32, 32, 32]) - 1;
    const args = ['segment', scan('025'), '--model', model.folder, '--device', 'cpu', '--out'];
    const tight = await sfumato([...args, join(folder, 'tight'), '--memory', String(allowed)]);
    expect(tight.code, tight.stderr).toBe(0);
    expect(tight.stderr).toMatch(/warning: hippocampus_025: Windows of .+ instead of 32 x 32 x 32 are used/);
    expect(reportOf(join(folder, 'tight', 'hippocampus_025')).warnings).toHaveLength(1);
    const tiny = await sfumato([...args, join(folder, 'tiny'), '--memory', '20']);
    expect(tiny.code).toBe(4);
    expect(tiny.stderr).toMatch(
      /^error: segmenting this image needs about \d+ MiB .+ 20 MiB may be used .+Allow \d+ MiB/m,
    );
    expect(existsSync(join(folder, 'tiny'))).toBe(false);
  });
});
