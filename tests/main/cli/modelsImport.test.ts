import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../../main/imaging/image.ts';
import { exportModel } from '../../../main/services/models/exportOnnx.ts';
import { writeOnnx } from '../../support/onnxFile.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus } from '../datasets/folders.ts';
import { foreignSpec } from '../services/models/foreignSpec.ts';
import { writeTinyModel } from '../services/segmentation/tinyModel.ts';
import { parseLines, sfumato } from './launch.ts';

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');

/** A library of its own, with the tiny model's direct network as a file from elsewhere. */
async function setting() {
  const home = temporaryFolder();
  const tiny = await writeTinyModel(join(home, 'tiny'));
  const [onnx] = await exportModel(tiny, home, 'refuse');
  return { tiny: tiny.folder, onnx: onnx!, run: (args: readonly string[]) => sfumato(args, { SFUMATO_HOME: home }) };
}

type Run = Awaited<ReturnType<typeof setting>>['run'];

function writeSpec(changes: Record<string, unknown> = {}): string {
  const file = join(temporaryFolder(), 'spec.json');
  writeFileSync(file, JSON.stringify({ ...foreignSpec, ...changes }));
  return file;
}

async function segment(run: Run, args: readonly string[]): Promise<string> {
  const out = join(temporaryFolder(), 'out');
  const { code, stderr } = await run(['segment', scan, ...args, '--device', 'cpu', '--out', out]);
  expect(code, stderr).toBe(0);
  return join(out, 'hippocampus_025');
}

const reportIn = (folder: string): unknown => JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));

describe('sfumato models import', () => {
  it('makes a model of an .onnx file that segments and is a prior', async () => {
    const { run, onnx, tiny } = await setting();
    const imported = await run(['models', 'import', onnx, '--spec', writeSpec(), '--json']);
    expect(imported.code, imported.stderr).toBe(0);
    expect(parseLines(imported.stdout).at(-1)).toMatchObject({
      model: { name: 'foreign', networks: { direct: { file: 'direct.onnx', network: { kind: 'onnx', classes: 3 } } } },
    });

    const [foreign, own] = [
      await segment(run, ['--model', 'foreign']),
      await segment(run, ['--model', tiny, '--method', 'direct']),
    ];
    const probability = async (folder: string) => (await readImage(join(folder, 'probability.nii.gz'))).volume.data;
    const [a, b] = [await probability(foreign), await probability(own)];
    expect(a.every((value, v) => Math.abs(value - b[v]!) < 1e-4)).toBe(true);
    expect(reportIn(foreign)).toMatchObject({ method: 'direct', model: { name: 'foreign' }, networkPasses: 8 });

    const chain = ['--model', tiny, '--method', 'pd-ddpm', '--samples', '1', '--steps', '2'];
    const [from, of] = [
      await segment(run, [...chain, '--prior', 'foreign']),
      await segment(run, [...chain, '--prior', tiny]),
    ];
    expect(reportIn(from)).toMatchObject({ method: 'pd-ddpm', prior: 'model foreign' });
    const mask = async (folder: string) => (await readImage(join(folder, 'mask.nii.gz'))).volume.data;
    const [masks, others] = [await mask(from), await mask(of)];
    const different = Uint8Array.from(masks, (value, v) => (value === others[v] ? 0 : 1));
    expect(different.filter((value) => value === 1).length / masks.length).toBeLessThan(0.001);
  }, 180_000);

  it('makes a model that is shown, exported as it came, and removed', async () => {
    const { run, onnx } = await setting();
    expect(await run(['models', 'import', onnx, '--spec', writeSpec()])).toMatchObject({ code: 0 });
    const shown = await run(['models', 'show', 'foreign']);
    expect(shown.stdout).toMatch(/every file verified[\s\S]*1 anterior, 300 posterior[\s\S]*2 cases of Example/);
    const out = temporaryFolder();
    expect(await run(['models', 'export', 'foreign', '--onnx', '--out', out])).toMatchObject({ code: 0 });
    expect(readFileSync(join(out, 'foreign-direct.onnx'))).toEqual(readFileSync(onnx));
    expect(await run(['models', 'remove', 'foreign'])).toMatchObject({ code: 0 });
    expect((await run(['models', 'list'])).stdout).not.toContain('foreign');
  });

  it('takes a model folder, whole, and replaces none without being asked to; what is outside of the library cannot be removed', async () => {
    const { run, tiny } = await setting();
    expect(await run(['models', 'import', tiny])).toMatchObject({ code: 0 });
    expect((await run(['models', 'show', 'tiny'])).stdout).toContain(join('models', 'tiny'));
    expect(await run(['models', 'import', tiny])).toMatchObject({ code: 3 });
    expect(await run(['models', 'remove', '../tiny'])).toMatchObject({ code: 2 });
  });

  it('refuses what has no description, or answers no probabilities', async () => {
    const { run, onnx } = await setting();
    const folder = temporaryFolder();
    const logits = await writeOnnx(join(folder, 'logits.onnx'), { input: ['n', 1, 'k', 'j', 'i'] });
    const changes = { labels: ['background', 'hippocampus'] };
    for (const [args, code, message] of [
      [[onnx], 2, /does not say what its numbers mean \(--spec\)/],
      [[logits, '--spec', writeSpec(changes)], 6, /logits\.onnx, output\)\. Say in "activation"/],
    ] as const) {
      const ended = await run(['models', 'import', ...args]);
      expect(ended.code, ended.stderr).toBe(code);
      expect(ended.stderr).toMatch(message);
    }
  });
});
