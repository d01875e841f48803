import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openModel } from '../../../main/services/models/folder.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus } from '../datasets/folders.ts';
import { sfumato } from './launch.ts';

const tiny = ['spacing=2', 'patch=16', 'batchSize=2', 'validations=1', 'validationCases=1'];
const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');

/** The tests' data set with the whole hippocampus as one structure and its posterior part as another within. */
function regionsOfHippocampus(folder: string): string {
  const data = join(folder, 'data');
  cpSync(hippocampus, data, { recursive: true });
  const path = join(data, 'dataset.json');
  const said = JSON.parse(readFileSync(path, 'utf8')) as object;
  const labels = { background: 0, whole: [1, 2], posterior: [2] };
  writeFileSync(path, JSON.stringify({ ...said, labels, regions_class_order: [1, 2] }));
  return data;
}

interface Trained {
  readonly name: string;
  readonly settings: readonly string[];
  readonly options: readonly string[];
  /** What model.json then says. */
  readonly model: object;
}

const methods: readonly Trained[] = [
  {
    name: 'the noise instead of the mask',
    settings: ['prediction=noise'],
    options: ['--strategy', 'standard'],
    model: { networks: { diffusion: { prediction: 'noise', strategy: 'standard' } } },
  },
  {
    name: 'two masks, in self-conditioning',
    settings: ['prediction=noise', 'noise=0.5', 'variational=0.001'],
    options: ['--strategy', 'selfConditioning'],
    model: { networks: { diffusion: { prediction: 'noise', network: { maskChannels: 6 } } } },
  },
  {
    name: 'structures that overlap',
    settings: [],
    options: ['--method', 'direct'],
    model: { labels: [{ value: 0 }, { value: 1, name: 'whole' }, { value: 2, name: 'posterior' }] },
  },
  {
    name: 'slices with those beside them',
    settings: ['context=1', 'classes=independent'],
    options: ['--method', 'direct'],
    model: { plan: { context: 1 }, networks: { direct: { network: { dimensions: 2, imageChannels: 3 } } } },
  },
];

it.each(methods)(
  'sfumato train and segment: $name',
  { timeout: 300_000 },
  async ({ name, settings, options, model }) => {
    const folder = temporaryFolder();
    const data = name === 'structures that overlap' ? regionsOfHippocampus(folder) : hippocampus;
    const set = [...tiny, ...settings].flatMap((pair) => ['--set', pair]);
    const run = join(folder, 'run');
    const computing = ['--device', 'cpu', '--threads', '2'];
    const trained = await sfumato(['train', data, '--out', run, '--steps', '2', ...options, ...set, ...computing]);
    expect(trained.code, trained.stderr).toBe(0);
    const { description } = await openModel(join(run, 'model'));
    expect(description).toMatchObject(model);
    const isIndependent = name === 'structures that overlap' || settings.includes('classes=independent');
    const { direct, diffusion } = description.networks;
    const network = diffusion?.network ?? direct?.network;
    expect(network).toMatchObject({ membership: isIndependent ? 'independent' : 'exclusive' });

    const samples = options.includes('direct') ? [] : ['--samples', '2', '--steps', '3'];
    const out = join(folder, 'out');
    const args = ['segment', scan, '--model', join(run, 'model'), '--out', out, ...samples, ...computing];
    const segmented = await sfumato([...args, '--save', 'mask,probability,entropy']);
    expect(segmented.code, segmented.stderr).toBe(0);
    const report = readFileSync(join(out, 'hippocampus_025', 'report.json'), 'utf8');
    expect(report.includes('Structures may overlap')).toBe(isIndependent);
    const most = isIndependent ? description.labels.length - 1 : Math.log2(description.labels.length);
    expect(JSON.parse(report)).toMatchObject({ mostEntropyBits: most });
  },
);

it('sfumato train refuses recycling of a prediction that is noise, and exclusive classes that overlap', async () => {
  const folder = temporaryFolder();
  const run = ['--out', join(folder, 'run'), '--steps', '2', '--device', 'cpu'];
  const recycled = await sfumato(['train', hippocampus, ...run, '--set', 'prediction=noise']);
  expect(recycled.code).toBe(2);
  expect(recycled.stderr).toMatch(/recycling starts from what a network sees in pure noise.+Choose standard/);
  const exclusive = await sfumato(['train', regionsOfHippocampus(folder), ...run, '--set', 'classes=exclusive']);
  expect(exclusive.code).toBe(2);
  expect(exclusive.stderr).toContain('the structures of this data set overlap (--set classes)');
});
