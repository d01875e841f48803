import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../ml/check/problem.ts';
import { caseName } from '../imaging/caseName.ts';
import type { DatasetCase, Split } from './dataset.ts';
import { readJson } from '../files/json.ts';

/** Files by person. */
const part = z.record(z.string(), z.array(z.string())).default({});
const splitFileSchema = z.object({
  splits: z.record(z.string(), z.object({ train: part, validation: part, test: part })),
});

type FileSplit = z.infer<typeof splitFileSchema>['splits'][string];

const parts = ['train', 'validation', 'test'] as const;

/** A split, and the cases with the groups it names. */
export interface GivenSplit {
  readonly split: Split;
  readonly cases: readonly DatasetCase[];
}

/**
 * The split that a file lays down: the given one, or `splits.json` in the data set's folder or the one above.
 *
 * @param names The folder's name and the data set's own: the split is looked up by either.
 * @param path A file that must hold the split.
 * @returns undefined where no file was given and none found speaks of this data set.
 * @throws Problem 'data' where the file is broken, a person is in two parts, or files and cases do not agree.
 */
export async function readSplit(
  folder: string,
  names: readonly string[],
  cases: readonly DatasetCase[],
  path: string | undefined,
): Promise<GivenSplit | undefined> {
  const found = await findSplit(folder, names, path);
  return found && applySplit(found.split, cases, found.place);
}

/**
 * The persons that the split file of a data set names, by case. For a part of the data set: files that are not there are no error.
 *
 * @returns An empty map where no file was given and none found speaks of this data set.
 */
export async function readPersons(
  folder: string,
  names: readonly string[],
  path: string | undefined,
): Promise<ReadonlyMap<string, string>> {
  const found = await findSplit(folder, names, path);
  const persons = parts.flatMap((name) => Object.entries(found?.split[name] ?? {}));
  return new Map(persons.flatMap(([person, files]) => files.map((file) => [caseName(file), person] as const)));
}

async function findSplit(
  folder: string,
  names: readonly string[],
  path: string | undefined,
): Promise<{ readonly split: FileSplit; readonly place: string } | undefined> {
  const places = path === undefined ? [join(folder, 'splits.json'), join(dirname(folder), 'splits.json')] : [path];
  for (const place of places) {
    const file = await readJson(place, splitFileSchema);
    if (!file && path !== undefined) throw new Problem('data', 'there is no such file', path, 'Check the path.');
    const split = names.map((name) => file?.splits[name]).find((found) => found !== undefined);
    if (split) return { split, place };
    if (path !== undefined) {
      throw new Problem(
        'data',
        `no split for ${names.join(' or ')}`,
        path,
        'Add it under "splits", or make a split by leaving the file out.',
      );
    }
  }
  return undefined;
}

function applySplit(given: FileSplit, cases: readonly DatasetCase[], path: string): GivenSplit {
  const byFile = new Map(cases.flatMap((entry) => filesOf(entry).map((file) => [file, entry] as const)));
  const groups = new Map<string, string>();
  const split = { train: new Set<string>(), validation: new Set<string>(), test: new Set<string>() };
  const partOfPerson = new Map<string, string>();
  for (const name of parts) {
    for (const [person, files] of Object.entries(given[name])) {
      const other = partOfPerson.get(person) ?? name;
      if (other !== name) throw disagreement(`${person} is in both ${other} and ${name}`, path);
      partOfPerson.set(person, name);
      for (const file of files) {
        const entry = byFile.get(file);
        if (!entry) throw disagreement(`${file} is not in the data set`, path);
        const owner = groups.get(entry.id) ?? person;
        if (owner !== person) throw disagreement(`${file} belongs to both ${owner} and ${person}`, path);
        groups.set(entry.id, person);
        split[name].add(entry.id);
      }
    }
  }
  const left = cases.find(({ id, label }) => label !== undefined && !groups.has(id));
  if (left) throw disagreement(`${left.id} is in no part`, path);
  return {
    split: { train: [...split.train], validation: [...split.validation], test: [...split.test] },
    cases: cases.map((entry) => ({ ...entry, group: groups.get(entry.id) ?? entry.group })),
  };
}

/** A case may be named by its id or by any of its files. */
function filesOf({ id, images, label }: DatasetCase): string[] {
  return [id, ...images.map((file) => basename(file)), ...(label === undefined ? [] : [basename(label)])];
}

function disagreement(what: string, path: string): Problem {
  return new Problem('data', what, path, 'Correct the split, or leave the file out and let one be made.');
}
