import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openModel, readModel, readWeights } from '../../../../main/services/models/folder.ts';
import { writeModel } from '../../../../main/services/models/write.ts';
import { exampleModel } from './exampleModel.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

async function makeModel(): Promise<string> {
  const folder = join(temporaryFolder(), 'example');
  await writeModel(folder, exampleModel);
  return folder;
}

/** Changes one field of model.json, named by its path. */
function edit(folder: string, path: string, value: unknown): void {
  const file = join(folder, 'model.json');
  const keys = path.split('.');
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const last = keys.pop()!;
  let at = json as Record<string, unknown>;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  at[last] = value;
  writeFileSync(file, JSON.stringify(json));
}

describe('writeModel', () => {
  it('leaves a whole folder that opens and gives the weights back', async () => {
    const folder = await makeModel();
    expect(readdirSync(folder).toSorted()).toEqual([
      'LICENSE',
      'MODEL_CARD.md',
      'diffusion.safetensors',
      'direct.safetensors',
      'model.json',
    ]);
    const model = await openModel(folder);
    expect(model.description).toMatchObject(exampleModel.description);
    expect(await readWeights(model, 'direct')).toEqual(exampleModel.weights.direct);
    expect(await readWeights(model, 'diffusion')).toEqual(exampleModel.weights.diffusion);
  });

  it('writes the same model with the same bytes', async () => {
    const [a, b] = await Promise.all([makeModel(), makeModel()]);
    expect((await readModel(a)).sha256).toBe((await readModel(b)).sha256);
  });

  it('refuses a folder that exists, and replaces it only where asked', async () => {
    const folder = await makeModel();
    const next = { ...exampleModel, card: '# Another\n' };
    await expect(writeModel(folder, next)).rejects.toMatchObject({ kind: 'data', where: folder });
    expect(readFileSync(join(folder, 'MODEL_CARD.md'), 'utf8')).toBe(exampleModel.card);
    await writeModel(folder, next, 'replace');
    expect(readFileSync(join(folder, 'MODEL_CARD.md'), 'utf8')).toBe(next.card);
    expect(readdirSync(join(folder, '..'))).toEqual([basename(folder)]);
  });

  it('leaves nothing behind where the description breaks a rule', async () => {
    const parent = temporaryFolder();
    const wrong = {
      ...exampleModel,
      description: { ...exampleModel.description, channels: [{ name: 'A' }, { name: 'B' }] },
    };
    await expect(writeModel(join(parent, 'wrong'), wrong)).rejects.toMatchObject({ kind: 'model' });
    expect(readdirSync(parent)).toEqual([]);
  });

  it('says that a disk cannot be written', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const folder = join(file, 'model');
    await expect(writeModel(folder, exampleModel)).rejects.toMatchObject({ kind: 'data', where: folder });
  });
});

describe('openModel refuses, naming the file:', () => {
  type Damage = [title: string, damage: (folder: string) => void, file: string, message: RegExp];
  const cases: Damage[] = [
    [
      'no model',
      (folder) => {
        rmSync(join(folder, 'model.json'));
      },
      'model.json',
      /no model is here/,
    ],
    [
      'a description that is no JSON',
      (folder) => {
        writeFileSync(join(folder, 'model.json'), '{');
      },
      'model.json',
      /not JSON/,
    ],
    [
      'an absurdly long description',
      (folder) => {
        writeFileSync(join(folder, 'model.json'), ' '.repeat(2 ** 24 + 1));
      },
      'model.json',
      /too large/,
    ],
    [
      'changed weights',
      (folder) => {
        writeFileSync(join(folder, 'direct.safetensors'), readFileSync(join(folder, 'diffusion.safetensors')));
      },
      'direct.safetensors',
      /checksum is wrong/,
    ],
    [
      'weights with a byte more',
      (folder) => {
        appendFileSync(join(folder, 'direct.safetensors'), 'x');
      },
      'direct.safetensors',
      /bytes instead of/,
    ],
    [
      'missing weights',
      (folder) => {
        rmSync(join(folder, 'diffusion.safetensors'));
      },
      'diffusion.safetensors',
      /is missing/,
    ],
    [
      'a missing licence',
      (folder) => {
        rmSync(join(folder, 'LICENSE'));
      },
      'LICENSE',
      /is missing/,
    ],
    [
      'a file that is not listed',
      (folder) => {
        writeFileSync(join(folder, 'more.safetensors'), '');
      },
      'more.safetensors',
      /no checksum/,
    ],
    [
      'a script',
      (folder) => {
        writeFileSync(join(folder, 'setup.py'), '');
      },
      'setup.py',
      /does not belong/,
    ],
    [
      'a folder',
      (folder) => {
        mkdirSync(join(folder, 'code'));
      },
      'code',
      /does not belong/,
    ],
    [
      'a link out of the folder',
      (folder) => {
        rmSync(join(folder, 'LICENSE'));
        symlinkSync('/etc/hostname', join(folder, 'LICENSE'));
      },
      'LICENSE',
      /does not belong/,
    ],
  ];

  it.each(cases)('%s', async (_title, damage, file, message) => {
    const folder = await makeModel();
    damage(folder);
    await expect(openModel(folder)).rejects.toMatchObject({
      kind: 'model',
      where: join(folder, file),
      what: expect.stringMatching(message) as unknown,
    });
  });

  it('but not what file browsers leave there', async () => {
    const folder = await makeModel();
    writeFileSync(join(folder, '.DS_Store'), '');
    await expect(openModel(folder)).resolves.toBeDefined();
  });

  it('weights that changed after the model was opened', async () => {
    const folder = await makeModel();
    const model = await openModel(folder);
    writeFileSync(join(folder, 'direct.safetensors'), readFileSync(join(folder, 'diffusion.safetensors')));
    await expect(readWeights(model, 'direct')).rejects.toMatchObject({ kind: 'model' });
  });

  it('a network that the model does not have', async () => {
    const folder = join(temporaryFolder(), 'example');
    const { direct } = exampleModel.description.networks;
    const recommended = { ...exampleModel.description.recommended, method: 'direct' as const };
    const description = { ...exampleModel.description, networks: { direct }, recommended };
    await writeModel(folder, { ...exampleModel, description, weights: { direct: exampleModel.weights.direct } });
    expect(existsSync(join(folder, 'diffusion.safetensors'))).toBe(false);
    await expect(readWeights(await openModel(folder), 'diffusion')).rejects.toMatchObject({
      kind: 'model',
      what: 'the model has no diffusion network',
    });
  });
});

describe('readModel refuses a description', () => {
  const network = exampleModel.description.networks.direct.network;
  it.each<[title: string, path: string, value: unknown, field: string]>([
    ['of a later schema', 'schema', 2, 'schema'],
    ['with unknown fields', 'script', 'rm', 'script'],
    ['with a name that is a path', 'name', '../x', 'name'],
    ['with a version that is none', 'version', 'latest', 'version'],
    ['with weights outside the folder', 'networks.direct.file', '../../secret.safetensors', 'networks.direct.file'],
    ['with weights that have no checksum', 'networks.direct.file', 'other.safetensors', 'networks.direct.file'],
    ['with one file of weights for both networks', 'networks.direct.file', 'diffusion.safetensors', 'networks'],
    ['with a checksum that is none', 'files.LICENSE.sha256', 'abc', 'files.LICENSE.sha256'],
    ['with a network of absurd width', 'networks.direct.network', { ...network, channels: [1e9] }, 'channels'],
    ['with another number of channels', 'networks.direct.network', { ...network, imageChannels: 4 }, 'networks.direct'],
    ['with another number of classes', 'networks.direct.network', { ...network, classes: 4 }, 'networks.direct'],
    ['with a 2-D network for 3-D patches', 'networks.direct.network', { ...network, dimensions: 2 }, 'networks.direct'],
    [
      'with a direct network that takes a mask',
      'networks.direct.network',
      { ...network, maskChannels: 3 },
      'networks.direct',
    ],
    ['without networks', 'networks', {}, 'networks'],
    [
      'that recommends a network it lacks',
      'networks',
      { direct: exampleModel.description.networks.direct },
      'recommended.method',
    ],
    ['without a background', 'labels.0.value', 5, 'labels'],
    ['with two labels of one value', 'labels.2.value', 1, 'labels'],
    ['with two labels of one name', 'labels.2.name', 'anterior', 'labels'],
    ['with a spacing of zero', 'plan.spacing', [1, 0, 1], 'plan.spacing.1'],
    [
      'with too few normalisations',
      'plan.normalisation',
      Array(2).fill({ kind: 'zscore', over: 'image' }),
      'plan.normalisation',
    ],
  ])('%s', async (_title, path, value, field) => {
    const folder = await makeModel();
    edit(folder, path, value);
    await expect(readModel(folder)).rejects.toMatchObject({
      kind: 'model',
      where: join(folder, 'model.json'),
      what: expect.stringContaining(field) as unknown,
    });
  });
});
