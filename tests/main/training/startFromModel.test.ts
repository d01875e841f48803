import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readWeights } from '../../../main/services/models/folder.ts';
import { findLibrary, openModelNamed } from '../../../main/services/models/library.ts';
import { runPaths, type RunDraft } from '../../../main/training/run.ts';
import { startFromModel } from '../../../main/training/startFromModel.ts';
import { parseLines, sfumato } from '../cli/launch.ts';
import { hippocampus } from '../datasets/folders.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { tinyRun } from './tinyRun.ts';

const MEMORY_MIB = 8000;
const model = await openModelNamed('hippocampus', findLibrary());

const draftOf = async (changes: Partial<RunDraft> = {}): Promise<RunDraft> => {
  const { steps, ...run } = await tinyRun();
  const labels = model.description.labels.map(({ value, name }) => ({ value, name, colour: null }));
  return { ...run, labels, budget: { steps }, ...changes };
};

describe('startFromModel', () => {
  it('takes over plan and weights whole where structures and channels are those of the model', async () => {
    const started = await startFromModel(await draftOf(), model, MEMORY_MIB);
    expect(started.init).toMatchObject({ name: 'hippocampus', sha256: model.sha256, unknown: [] });
    expect(started.plan).toMatchObject({
      channels: ['T1'],
      spacing: model.description.plan.spacing,
      patch: model.description.plan.patch,
      normalisation: model.description.plan.normalisation,
    });
    const weights = await readWeights(model, 'direct');
    expect(Object.keys(started.initial!)).toHaveLength(weights.size);
    for (const [name, { data }] of weights) expect(started.initial![name], name).toEqual(data);
  });

  it('knows by their value labels that nobody named', async () => {
    const labels = [0, 1, 2].map((value) => ({ value, name: `label_${value}`, colour: null }));
    const started = await startFromModel(await draftOf({ labels }), model, MEMORY_MIB);
    expect(started.labels.map(({ name }) => name)).toEqual(model.description.labels.map(({ name }) => name));
    expect(started.init?.unknown).toEqual([]);
  });

  it('says which structures start anew, and keeps all else', async () => {
    const labels = ['background', 'amygdala', 'anterior hippocampus'].map((name, value) => ({
      value,
      name,
      colour: null,
    }));
    const { init, initial } = await startFromModel(await draftOf({ labels, method: 'diffusion' }), model, MEMORY_MIB);
    expect(init?.unknown).toEqual(['amygdala']);
    const weights = await readWeights(model, 'diffusion');
    const bias = weights.get('head.bias')!.data;
    expect(initial!['head.bias']).toEqual(Float32Array.of(bias[0]!, 0, bias[1]!));
    expect(initial!['encoder.0.0.conv1.weight']).toEqual(weights.get('encoder.0.0.conv1.weight')!.data);
  });

  it('refuses to predict something else, or classes of another kind, than the model', async () => {
    const { settings, plan } = await draftOf();
    const noise = { method: 'diffusion', settings: { ...settings, prediction: 'noise' } } as const;
    await expect(startFromModel(await draftOf(noise), model, MEMORY_MIB)).rejects.toThrow(
      /predicts xStart, and this training noise.+--set prediction=xStart/,
    );
    const independent = { plan: { ...plan, membership: 'independent' } } as const;
    await expect(startFromModel(await draftOf(independent), model, MEMORY_MIB)).rejects.toThrow(
      /are exclusive, and those of this training independent.+--set classes=exclusive/,
    );
  });

  it('refuses images without millimetres, and a network that is built otherwise', async () => {
    const draft = await draftOf();
    const voxels = { ...draft, plan: { ...draft.plan, unit: 'voxel' as const } };
    await expect(startFromModel(voxels, model, MEMORY_MIB)).rejects.toMatchObject({ kind: 'data', where: '--init' });
    const conditioned = { ...draft, method: 'diffusion' as const, strategy: 'selfConditioning' as const };
    const started = await startFromModel(conditioned, model, MEMORY_MIB);
    expect(started.initial!['stem.weight']!.length).toBeGreaterThan(
      (await readWeights(model, 'diffusion')).get('stem.weight')!.data.length,
    );
    await expect(startFromModel(draft, model, 10)).rejects.toMatchObject({ kind: 'memory' });
  });
});

/** The tests' hippocampi without a word of what they are. */
function namelessDataset(): string {
  const folder = temporaryFolder();
  symlinkSync(join(hippocampus, 'imagesTr'), join(folder, 'images'));
  symlinkSync(join(hippocampus, 'labelsTr'), join(folder, 'labels'));
  return folder;
}

// A whole small network is compiled and trained: seconds on a quiet machine.
describe('train --init', { timeout: 240_000 }, () => {
  const settings = ['batchSize=1', 'validations=1', 'validationCases=1', 'learningRate=1e-6'];
  const run = (dataset: string, out: string) =>
    sfumato([
      ...['train', dataset, '--out', out, '--init', 'hippocampus', '--method', 'direct', '--steps', '2', '--json'],
      ...settings.flatMap((setting) => ['--set', setting]),
    ]);

  it('segments at once what the model knew, and leaves the model as it was', async () => {
    const out = join(temporaryFolder(), 'run');
    const before = readFileSync(join(model.folder, 'direct.safetensors'));
    const ended = await run(namelessDataset(), out);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    const result = z.object({ steps: z.literal(2), validationDice: z.number() }).parse(parseLines(ended.stdout).at(-1));
    expect(result.validationDice).toBeGreaterThan(0.8);
    expect(readFileSync(join(model.folder, 'direct.safetensors'))).toEqual(before);
    expect(JSON.parse(readFileSync(runPaths(out).record, 'utf8'))).toMatchObject({ init: { name: 'hippocampus' } });
  });

  it('warns of structures that the model does not know', async () => {
    const ended = await run(hippocampus, join(temporaryFolder(), 'run'));
    expect(ended.stderr).toContain('hippocampus does not know Anterior, Posterior');
  });
});
