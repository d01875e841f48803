import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { deidentify } from '../../../../../main/imaging/dicom/deidentify/deidentify.ts';
import { profileTable } from '../../../../../main/imaging/dicom/deidentify/profileTable.ts';
import { listTags } from '../../../../../main/imaging/dicom/listTags.ts';
import { readSegmentation } from '../../../../../main/imaging/dicom/seg/readSegmentation.ts';
import { readStructureSet } from '../../../../../main/imaging/dicom/rtstruct/readStructureSet.ts';
import { writeStructureSet } from '../../../../../main/imaging/dicom/rtstruct/writeStructureSet.ts';
import { readImage } from '../../../../../main/imaging/image.ts';
import { Salt } from '../../../../../main/imaging/salt.ts';
import { dciodvfyErrors } from '../../../../support/dciodvfy.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';
import { openObject, openSlices, testFile } from '../seg/files.ts';
import { compareTheirs } from './theirs.ts';

const open = async (path: string) => readStructureSet(await openObject(path, true));

async function copyWithoutNames(path: string, target: string, salt: Salt): Promise<string> {
  await writeFile(target, (await deidentify(await openObject(path, true), salt)).bytes);
  return target;
}

/** The profile empties (3006,0026), which people write anything in; the codes of structures stay. */
const unnamed = (n: number): string => `structure ${n + 1}`;

it('a structure set keeps its contours and colours, and nothing that names a person', async () => {
  const original = testFile('rtstruct.dcm');
  const copy = await copyWithoutNames(original, join(temporaryFolder(), 'copy.dcm'), new Salt());
  const [before, after] = [await open(original), await open(copy)];
  expect(after.structures).toEqual(before.structures.map((one, n) => ({ ...one, name: unnamed(n) })));
  expect(after.series).not.toEqual(before.series);
  const [theirs] = await compareTheirs([[original, copy]], Object.values(profileTable).flatMap(listTags));
  expect(theirs).toMatchObject({ privateElements: 0, told: [], removed: 'YES', methods: ['113100'] });
  expect(await readFile(copy, 'latin1')).not.toMatch(/Phantom|dmason|1\.2\.826\.0\.1\.3680043\.8\.498/);
});

it('a structure set still lies on its series when both have been copied under one salt', async () => {
  const [folder, salt] = [temporaryFolder(), new Salt()];
  const sources = await openSlices();
  for (const { path } of sources) await copyFile(path, join(folder, basename(path)));
  const { volume, segments = [] } = await readSegmentation(await openObject(testFile('label.seg'), true));
  const drawn = join(folder, 'structures.dcm');
  const drawing = { by: 'person' } as const;
  await writeStructureSet(drawn, { sources, drawing, description: 'Liver', volume, segments });
  const copies = temporaryFolder();
  for (const { path } of sources) await copyWithoutNames(path, join(copies, basename(path)), salt);
  const copy = await copyWithoutNames(drawn, join(copies, 'structures.dcm'), salt);
  const [before, after] = [await readImage(drawn), await readImage(copy)];
  expect(after.volume).toEqual(before.volume);
  expect(after.segments).toEqual(before.segments?.map((one, n) => ({ ...one, name: unnamed(n) })));
  expect(await dciodvfyErrors(copy)).toEqual([]);
  const stranger = await copyWithoutNames(drawn, join(dirname(copy), 'stranger.dcm'), new Salt());
  await expect(readImage(stranger)).rejects.toThrow('these are not beside the file');
});
