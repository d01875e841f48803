import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Problem } from '../../../../../ml/check/problem.ts';
import { deidentify } from '../../../../../main/imaging/dicom/deidentify/deidentify.ts';
import { profileTable } from '../../../../../main/imaging/dicom/deidentify/profileTable.ts';
import { listTags } from '../../../../../main/imaging/dicom/listTags.ts';
import { findDicomObject } from '../../../../../main/imaging/dicom/object.ts';
import { Salt } from '../../../../../main/imaging/salt.ts';
import { dciodvfyErrors } from '../../../../support/dciodvfy.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';
import { dicomFiles } from '../dicomFiles.ts';
import { compareTheirs } from './theirs.ts';

/** Its header ends within an element: what cannot be read cannot be cleaned. */
const damaged = ['odd/MR_truncated.dcm', 'odd/rtplan_truncated.dcm', 'odd/emri_small_jpeg_2k_lossless_too_short.dcm'];

/**
 * What the profile keeps and is, in these files, also the name or number of a person or the UID of something: a series has the patient's number,
 * persons are called as their machines, and Philips names its software by a UID.
 */
const coincidences = ['CreatorVersionUID', 'Manufacturer', 'SeriesNumber'];

const said = ['PatientIdentityRemoved', 'DeidentificationMethod', 'LongitudinalTemporalInformationModified'];

async function copies(folder: string): Promise<{ pairs: (readonly [string, string])[]; refused: string[] }> {
  const salt = new Salt();
  const pairs: (readonly [string, string])[] = [];
  const refused: string[] = [];
  for (const [n, { path, name }] of dicomFiles().entries()) {
    const object = await findDicomObject(path, { pixels: true });
    if (object?.pixels === undefined) continue;
    try {
      const copy = join(folder, `${n}.dcm`);
      writeFileSync(copy, (await deidentify(object, salt)).bytes);
      pairs.push([path, copy]);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      refused.push(name);
    }
  }
  return { pairs, refused };
}

it('every picture there is keeps its pixels and what the profile keeps, and nothing that names a person', async () => {
  const { pairs, refused } = await copies(temporaryFolder());
  expect(refused.filter((name) => !damaged.includes(name))).toEqual([]);
  const theirs = await compareTheirs(pairs, Object.values(profileTable).flatMap(listTags));
  expect(theirs.length).toBeGreaterThan(20);
  const odd = theirs.flatMap((one, n) => {
    const isSound =
      one.error === undefined &&
      one.privateElements === 0 &&
      one.told.every((word) => coincidences.includes(word)) &&
      one.changed.every((word) => said.includes(word)) &&
      one.samePixels &&
      one.removed === 'YES' &&
      one.methods.join() === '113100';
    return isSound ? [] : [{ file: pairs[n]![0], ...one }];
  });
  expect(odd).toEqual([]);
  for (const { syntaxes } of theirs) if (syntaxes[0] !== '') expect(syntaxes[1]).toBe(syntaxes[0]);
}, 120_000);

it('dciodvfy finds no error that the original did not have', async () => {
  const { pairs } = await copies(temporaryFolder());
  // One of each folder: the files of a series have the same attributes.
  const folderOf = (path: string) => path.replace(/[^/\\]*$/, '');
  const some = pairs.filter(([path], n) => folderOf(path) !== folderOf(pairs[n - 1]?.[0] ?? ''));
  for (const [original, copy] of some) {
    const before = new Set(await errorsOf(original));
    expect(
      (await errorsOf(copy)).filter((line) => !before.has(line)),
      original,
    ).toEqual([]);
  }
}, 120_000);

const errorsOf = async (path: string): Promise<readonly string[]> =>
  (await dciodvfyErrors(path)).map((line) => line.replace(/<[\d.]+>/, '<UID>'));
