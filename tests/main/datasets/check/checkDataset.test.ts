import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDataset } from '../../../../main/datasets/check/checkDataset.ts';
import type { Finding } from '../../../../main/datasets/check/finding.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { hippocampus } from '../folders.ts';
import { caseId, grid, mirrored, phantom, type Phantom, writePhantom, writePhantoms } from './phantoms.ts';

const options = { signal: new AbortController().signal, report: () => undefined };

const check = async (folder: string): Promise<readonly Finding[]> => (await checkDataset(folder, options)).findings;

/** Seven sound cases and an eighth with a fault. */
async function withFault(change: (sound: Phantom) => Partial<Phantom>, id = caseId(8)): Promise<readonly Finding[]> {
  const folder = temporaryFolder();
  await writePhantoms(folder);
  const sound = phantom(8);
  await writePhantom(folder, id, { ...sound, ...change(sound) });
  return check(folder);
}

function writeSplit(folder: string, train: object, test: object): void {
  const splits = { phantoms: { train, validation: {}, test } };
  writeFileSync(join(folder, 'splits.json'), JSON.stringify({ splits }));
}

const persons = (numbers: readonly number[]) =>
  Object.fromEntries(numbers.map((person) => [`q${person}`, [`${caseId(person)}.nii.gz`]]));

describe('data check', () => {
  it('finds nothing in sound cases', async () => {
    expect(await withFault(() => ({}))).toEqual([]);
  });

  it.each<[string, (sound: Phantom) => Partial<Phantom>, Finding['severity'], string]>([
    ['a label that lies elsewhere', () => ({ labelGrid: { ...grid, origin: [-12, -14, 0] } }), 'error', 'image and label differ in origin'],
    ['a label of another shape', () => ({ labelGrid: { ...grid, shape: [14, 16, 10] } }), 'error', 'image and label differ in shape'],
    ['an image that is constant', ({ image }) => ({ image: image.fill(3) }), 'error', 'every voxel of channel 0 is 3'],
    ['voxels that are no numbers', ({ image }) => ({ image: image.fill(NaN, 5, 9) }), 'error', 'no finite number'],
    ['values that are not whole', ({ label }) => ({ label: label.map((value) => value * 0.5) }), 'error', 'not whole, such as 0.5'],
    ['values that have no name', ({ label }) => ({ label: label.map((value) => (value === 2 ? 5 : value)) }), 'error', 'not known: 5'],
    ['a label without anything', ({ label }) => ({ label: label.fill(0) }), 'warning', 'nothing is drawn'],
    ['a label that is mirrored', ({ label }) => ({ label: mirrored(label) }), 'warning', 'labels may have left and right exchanged'],
    ['an image that is mirrored', ({ image }) => ({ image: mirrored(image) }), 'warning', 'image may have left and right exchanged'],
    ['both mirrored', ({ image, label }) => ({ image: mirrored(image), label: mirrored(label) }), 'warning', 'image and labels may have left and right exchanged'],
    ['voxels of another size', () => ({ imageGrid: { ...grid, spacing: [2, 2, 9] }, labelGrid: { ...grid, spacing: [2, 2, 9] } }), 'warning', '2 x 2 x 3 is usual'],
    ['values on another scale', ({ image }) => ({ image: image.map((value) => 40 * value) }), 'warning', 'values of CT'],
  ])('finds %s', async (_, change, severity, what) => {
    const findings = await withFault(change);
    expect(findings.filter((one) => one.what.includes(what))).toEqual([
      { severity, cases: [caseId(8)], what: expect.stringContaining(what) as unknown, remedy: expect.stringMatching(/\.$/) as unknown },
    ]);
    expect(findings.filter(({ cases }) => cases.length > 0 && !cases.includes(caseId(8)))).toEqual([]);
  }); // prettier-ignore

  it('says nothing of flips where a header that differs says how the voxels lie', async () => {
    const turned = { ...grid, origin: [14, -14, 0] as const, direction: [-1, 0, 0, 0, 1, 0, 0, 0, 1] as const };
    const findings = await withFault(({ image, label }) => ({
      image: mirrored(image),
      label: mirrored(label),
      imageGrid: turned,
      labelGrid: turned,
    }));
    expect(findings).toEqual([]);
  });

  it('finds the same voxels under another name, and the same label on another image', async () => {
    const copied = await withFault(() => phantom(3));
    expect(copied).toMatchObject([{ severity: 'error', cases: [caseId(3), caseId(8)], what: /the same/ }].map(named));
    const redrawn = await withFault(() => ({ label: phantom(3).label }));
    expect(redrawn).toMatchObject(
      [{ severity: 'warning', cases: [caseId(3), caseId(8)], what: /labels of diff/ }].map(named),
    );
  });

  const named = ({ what, ...rest }: { severity: string; cases: string[]; what: RegExp }) => ({
    ...rest,
    what: expect.stringMatching(what) as unknown,
  });

  it('finds a patient, and a copy, on both sides of a split', async () => {
    const folder = temporaryFolder();
    await writePhantoms(folder);
    await writePhantom(folder, caseId(1, 2), phantom(8));
    await writePhantom(folder, caseId(9), phantom(3));
    const second = { other: [`${caseId(1, 2)}.nii.gz`], q9: [`${caseId(9)}.nii.gz`] };
    writeSplit(folder, persons([1, 2, 3, 4, 5]), { ...persons([6, 7]), ...second });
    const findings = await check(folder);
    expect(findings).toMatchObject(
      [
        { severity: 'error', cases: ['p1_scan1', 'p1_scan2'], what: /of one patient, and they are in train and test/ },
        {
          severity: 'error',
          cases: ['p3_scan1', 'p9_scan1'],
          what: /the same, voxel for voxel, and they are in train and test/,
        },
      ].map(named),
    );
    writeSplit(folder, persons([1, 2, 3, 4, 5]), persons([5, 6, 7]));
    expect((await check(folder)).map(({ what }) => what)).toContainEqual(expect.stringMatching(/^q5 is in both/));
  });

  it('goes on behind a file that cannot be read', async () => {
    const folder = temporaryFolder();
    await writePhantoms(folder);
    const broken = join(folder, 'imagesTr', `${caseId(2)}_0000.nii.gz`);
    writeFileSync(broken, readFileSync(broken).subarray(0, 500));
    await writePhantom(folder, caseId(8), { ...phantom(8), label: phantom(8).label.map((value) => 3 * value) });
    const findings = await check(folder);
    expect(findings.map(({ cases, severity }) => [severity, ...cases])).toEqual([['error', caseId(2)], ['error', caseId(8)]]); // prettier-ignore
  });

  it('finds no error in real hippocampi', async () => {
    const findings = await check(hippocampus);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(findings.filter(({ what }) => what.includes('exchanged'))).toEqual([]);
  });
});
