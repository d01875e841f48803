import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../../main/imaging/image.ts';
import { writeNifti } from '../../../main/imaging/nifti/write.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus } from '../datasets/folders.ts';
import { checkSegmentation } from './checkSegmentation.ts';
import { sfumato } from './launch.ts';

const scan = (number: string): string => join(hippocampus, 'imagesTr', `hippocampus_${number}.nii.gz`);
const label = (number: string): string => join(hippocampus, 'labelsTr', `hippocampus_${number}.nii.gz`);
const model = ['--model', 'hippocampus', '--device', 'cpu'];
const one = [...model, '--steps', '5', '--samples', '1', '--start', '0.2'];

const reportOf = (folder: string): unknown => JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));

async function run(command: readonly string[], changes: readonly string[] = []): Promise<string> {
  const out = join(temporaryFolder(), 'out');
  const ended = await sfumato([...command, ...one, ...changes, '--out', out]);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return join(out, 'hippocampus_025');
}

const maskIn = (folder: string): Buffer => readFileSync(join(folder, 'mask.nii.gz'));

describe('sfumato refine', () => {
  it('starts from a given mask and leaves a whole folder on the grid of the image', async () => {
    const save = ['--save', 'mask,probability,entropy,samples', '--samples', '2'];
    const folder = await run(['refine', scan('025'), '--mask', label('025')], save);
    // One step of the five for each sample, and no pass for a segmentor.
    expect(reportOf(folder)).toMatchObject({ method: 'pd-ddpm', prior: 'a given mask', start: 0.2, networkPasses: 2 });
    const checked = await checkSegmentation(scan('025'), folder, [0, 1, 2]);
    expect(checked).toMatchObject({ grids: [true, true, true, true], simpleitk: true, argmax: true });
  });

  it('takes the probabilities that segment wrote, and then does what segment does with its own', async () => {
    const direct = join(temporaryFolder(), 'out');
    await sfumato(['segment', scan('025'), ...model, '--method', 'direct', '--out', direct]);
    const probability = join(direct, 'hippocampus_025', 'probability.nii.gz');
    const refined = await run(['refine', scan('025'), '--mask', probability]);
    const own = await run(['segment', scan('025'), '--method', 'pd-ddpm']);
    expect(maskIn(refined)).toEqual(maskIn(own));
    const other = await run(['segment', scan('025'), '--prior', 'hippocampus']);
    expect(reportOf(other)).toMatchObject({ method: 'pd-ddpm', prior: 'model hippocampus' });
    expect(maskIn(other)).toEqual(maskIn(own));
  });
});

describe('a pre-segmentation is refused', () => {
  const refused = async (args: readonly string[], code: number, words: RegExp): Promise<void> => {
    const ended = await sfumato([...args, '--out', join(temporaryFolder(), 'out')]);
    expect(ended.code, ended.stderr).toBe(code);
    expect(ended.stderr).toMatch(words);
  };

  it('that lies on another grid, naming what differs', () =>
    refused(['refine', scan('025'), '--mask', label('006'), ...one], 3, /mask and image differ in (shape|origin)/));

  it('with a label that the model does not know, or probabilities that are none', async () => {
    const { volume } = await readImage(label('025'));
    const folder = temporaryFolder();
    const [unknown, sums, channels] = ['unknown', 'sums', 'channels'].map((name) => join(folder, `${name}.nii.gz`));
    const data = Uint8Array.from(volume.data, (value) => 4 * value);
    await writeNifti(unknown!, { ...volume, data }, { existing: 'refuse' });
    const half = new Float32Array(3 * volume.data.length).fill(0.5);
    await writeNifti(sums!, { ...volume, channels: 3, data: half }, { existing: 'refuse' });
    const two = half.subarray(0, 2 * volume.data.length);
    await writeNifti(channels!, { ...volume, channels: 2, data: two }, { existing: 'refuse' });
    await refused(['refine', scan('025'), '--mask', unknown!, ...one], 3, /label value 4 is not one of the model/);
    await refused(['refine', scan('025'), '--mask', sums!, ...one], 3, /voxel 0 holds no probabilities/);
    await refused(['refine', scan('025'), '--mask', channels!, ...one], 3, /2 numbers a voxel, and the model has 3/);
  });

  it('where the method takes none, or several images would share one', async () => {
    const direct = ['segment', scan('025'), ...model, '--method', 'direct', '--prior', label('025')];
    await refused(direct, 2, /the direct method takes no pre-segmentation/);
    await refused(['segment', scan('025'), scan('006'), ...one, '--prior', label('025')], 2, /one mask .* 2 images/);
  });
});
