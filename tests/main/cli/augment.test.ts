import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../../main/imaging/image.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus } from '../datasets/folders.ts';
import { checkSegmentation } from './checkSegmentation.ts';
import { sfumato } from './launch.ts';

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');

async function segment(...args: readonly string[]): Promise<string> {
  const out = join(temporaryFolder(), 'out');
  const save = ['--save', 'mask,probability,entropy,samples', '--device', 'cpu'];
  const ended = await sfumato(['segment', scan, '--model', 'hippocampus', '--out', out, ...save, ...args]);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return join(out, 'hippocampus_025');
}

/** Each sample's labels. */
async function samplesIn(folder: string): Promise<readonly (readonly number[])[]> {
  const { volume } = await readImage(join(folder, 'samples.nii.gz'));
  const size = volume.data.length / volume.channels;
  return Array.from({ length: volume.channels }, (_, n) => [...volume.data.subarray(n * size, (n + 1) * size)]);
}

const differing = (a: readonly number[], b: readonly number[]): number => a.filter((value, v) => value !== b[v]).length;

describe('sfumato segment --augment', () => {
  it('lets a direct network answer several views of the image, that differ a little, on its own grid', async () => {
    const folder = await segment('--method', 'direct', '--augment', '--samples', '3');
    const report: unknown = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    expect(report).toMatchObject({ method: 'direct', samples: 3, augmented: true, networkPasses: 3 });
    const checked = await checkSegmentation(scan, folder, [0, 1, 2]);
    expect(checked).toMatchObject({ grids: [true, true, true, true], argmax: true });
    expect(checked.sums).toBeLessThan(1e-5);
    const [first, second, third] = await samplesIn(folder);
    const structure = first!.filter((value) => value > 0).length;
    for (const [a, b] of [
      [first, second],
      [second, third],
    ] as const) {
      expect(differing(a!, b!)).toBeGreaterThan(0);
      expect(differing(a!, b!)).toBeLessThan(0.15 * structure);
    }
  });

  it('makes one mask of the samples by their votes', async () => {
    const folder = await segment('--method', 'direct', '--augment', '--samples', '3', '--fusion', 'majority');
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toMatchObject({ fusion: 'majority' });
    const samples = await samplesIn(folder);
    const { volume } = await readImage(join(folder, 'mask.nii.gz'));
    volume.data.forEach((label, v) => {
      const votes = samples.map((sample) => sample[v]);
      const most = votes.find((vote) => votes.filter((other) => other === vote).length > 1);
      if (most !== undefined) expect(label).toBe(most);
    });
  });

  it('shows the image as it is to the first sample', async () => {
    const chain = ['--method', 'diffusion', '--steps', '2', '--samples', '2'];
    const [plain, turned] = [
      await samplesIn(await segment(...chain)),
      await samplesIn(await segment(...chain, '--augment')),
    ];
    expect(turned[0]).toEqual(plain[0]);
    expect(differing(turned[1]!, plain[1]!)).toBeGreaterThan(0);
  });
});
