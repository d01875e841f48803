import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDataset, type BuildOptions, type BuildReport } from '../../../../main/datasets/build/buildDataset.ts';
import { checkDataset } from '../../../../main/datasets/check/checkDataset.ts';
import { isLabelled } from '../../../../main/datasets/dataset.ts';
import { loadCase } from '../../../../main/datasets/loadCase.ts';
import { openDataset } from '../../../../main/datasets/openDataset.ts';
import { splitDataset } from '../../../../main/datasets/split/splitDataset.ts';
import { readImage } from '../../../../main/imaging/image.ts';
import { sayData, sharedData } from '../../../support/data.ts';
import { brightMask, ctFiles, makeExports } from './exports.ts';
import { type ComparisonJob, compareWithTheirs, identitiesIn } from './theirs.ts';

const quiet = { signal: new AbortController().signal, report: () => undefined };

const defaults = { channels: [], labels: [], order: [], resample: false, dryRun: false, existing: 'refuse' } as const;

const build = (options: Pick<BuildOptions, 'sources' | 'out'> & Partial<BuildOptions>) =>
  buildDataset({ ...defaults, ...quiet, ...options });

interface Key {
  readonly salt: string;
  readonly cases: readonly { id: string; patient: string; images: string[]; labels: string[] }[];
}

const asked = [
  { name: 'liver', value: 1 },
  { name: 'Neoplasm, Primary', value: 2 },
  { name: 'Anterior', value: 3 },
  { name: 'Posterior', value: 4 },
  { name: 'label_1', value: 5 },
  { name: 'bright', value: 6 },
];

let folder: string;
let out: string;
let report: BuildReport;
let key: Key;

beforeAll(async () => {
  sayData((line) => {
    process.stderr.write(`${line}\n`);
  });
  folder = await mkdtemp(join(tmpdir(), 'sfumato-build-'));
  await makeExports(join(folder, 'exports'));
  out = join(folder, 'built');
  const keyFile = join(folder, 'who.json');
  report = await build({ sources: [join(folder, 'exports')], out, labels: asked, keyFile, groupBy: undefined });
  key = JSON.parse(readFileSync(keyFile, 'utf8')) as Key;
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const filesOf = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** The built case that was made of a source whose path holds the word. */
const caseOf = (word: string) => key.cases.find(({ images }) => images[0]!.includes(word))!.id;
const built = (word: string) => ({
  builtLabel: join(out, 'labelsTr', `${caseOf(word)}.nii.gz`),
  builtImage: join(out, 'imagesTr', `${caseOf(word)}_0000.nii.gz`),
});

describe('a data set built from exports', () => {
  it('holds every labelled scan once, and says what it left out and why', () => {
    expect(report.cases.length).toBe(sharedData() === undefined ? 4 : 8);
    expect(key.cases.length).toBe(report.cases.length);
    expect(new Set(key.cases.map(({ id }) => id)).size).toBe(report.cases.length);
    const notes = report.cases.flatMap((one) => one.notes);
    if (sharedData() === undefined) return;
    expect(notes).toContainEqual(expect.stringContaining('not asked for and left out: GREEN, ORANGE'));
    expect(notes).toContainEqual(expect.stringContaining('not asked for and left out: Neoplasm, Secondary'));
    expect(report.advice).toContainEqual(expect.stringMatching(/^liver is not drawn in 6 of 8 cases/));
  });

  it('gives one patient one pseudonym, and different ones different ones', () => {
    const pseudonyms = new Map(key.cases.map(({ patient, id }) => [patient, id.split('_')[0]]));
    expect(new Set(pseudonyms.values()).size).toBe(pseudonyms.size);
    for (const { patient, id } of key.cases) expect(id).toMatch(new RegExp(`^${pseudonyms.get(patient)!}_scan\\d+$`));
    // Two series of PGBM-003 are of one person.
    if (sharedData() !== undefined) expect(caseOf('Dumbledore').split('_')[0]).toBe(caseOf('pacs3').split('_')[0]);
    expect(statSync(join(folder, 'who.json')).mode & 0o077).toBe(0);
  });

  it('puts voxels and labels where highdicom, SimpleITK and nibabel put them', async () => {
    const research = join(folder, 'exports', 'research');
    const jobs: ComparisonJob[] = [
      ...['006', '007', '008'].map((number) => ({
        kind: 'file' as const,
        label: join(research, 'labels', `Mueller${number}.nii.gz`),
        segment: 2,
        value: 4,
        image: join(research, 'images', `Mueller${number}.nii.gz`),
        ...built(`Mueller${number}`),
      })),
      { kind: 'seg', segment: 1, label: ctFiles[3]!, value: 1, image: ctFiles.slice(0, 3), ...built('export.zip') },
      ...(sharedData() === undefined ? [] : sharedJobs()),
    ];
    expect(await compareWithTheirs(jobs)).toEqual(jobs.map(() => ({ places: true, values: true })));
  });

  const sharedJobs = (): ComparisonJob[] => {
    const path = (name: string) => join(folder, 'exports', name);
    const seg = { kind: 'seg', segment: 1 } as const;
    return [
      { ...seg, label: path('pacs1/seg_liver.dcm'), value: 1, image: path('pacs1'), ...built('pacs1') },
      { kind: 'file', segment: 1, label: path('Dumbledore/series/drawn.seg.nii.gz'), value: 5, image: path('Dumbledore/series'), ...built('Dumbledore') },
      { ...seg, label: path('pacs2/seg/tumor_User1_Manual_Trial1.dcm'), value: 2, image: path('pacs2/pet'), proportional: true, ...built('pacs2') },
    ]; // prettier-ignore
  };

  it('has the voxels within the contours of a structure set', async (context) => {
    if (sharedData() === undefined) context.skip('the series is in the optional data folder');
    const { volume } = await readImage(built('pacs3').builtLabel);
    const { data } = await brightMask(join(folder, 'exports', 'pacs3'));
    expect(
      Buffer.compare(
        Uint8Array.from(volume.data),
        data.map((value) => 6 * value),
      ),
    ).toBe(0);
  });

  it('names nobody: no name, number, identifier, date or path of the sources is in any byte', async () => {
    const exports = join(folder, 'exports');
    const identities = [
      ...(await identitiesIn(exports)),
      ...['Mueller', 'Dumbledore', 'research', 'pacs1', 'export.zip', 'series', 'drawn', 'IMG0001', folder],
      ...key.cases.map(({ patient }) => patient),
      key.salt,
    ];
    if (sharedData() !== undefined) expect(identities).toContain('Albus^Dumbledore');
    for (const file of filesOf(out)) {
      const bytes = readFileSync(file);
      const content = file.endsWith('.gz') ? [bytes.subarray(0, 64), gunzipSync(bytes)] : [bytes];
      // A gzip header may hold the name of the file and a time.
      if (file.endsWith('.gz')) expect([...bytes.subarray(3, 8)]).toEqual([0, 0, 0, 0, 0]);
      for (const identity of identities) {
        expect(
          content.some((part) => part.includes(identity)),
          `${identity} in ${file}`,
        ).toBe(false);
        expect(file.slice(out.length)).not.toContain(identity);
      }
    }
  });

  it('is one that openDataset, data check and data split take', async () => {
    const { findings } = await checkDataset(out, quiet);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const split = await splitDataset(out, { ...quiet, seed: 1, existing: 'refuse' });
    expect(split.parts.map(({ cases }) => cases).reduce((a, b) => a + b)).toBe(report.cases.length);
    const dataset = await openDataset(out);
    expect(dataset.labels.map(({ name }) => name)).toEqual(['background', ...asked.map(({ name }) => name)]);
    const sides = (['train', 'validation', 'test'] as const).map((part) => dataset.split![part]);
    expect(sides.flat().toSorted()).toEqual(dataset.cases.map(({ id }) => id));
    const personsOf = (ids: readonly string[]) => new Set(ids.map((id) => id.split('_')[0]));
    expect(sides.map((ids) => personsOf(ids).size).reduce((a, b) => a + b)).toBe(report.patients);
    for (const entry of dataset.cases.filter(isLabelled)) {
      const { label } = await loadCase(dataset, entry);
      expect(label.data.some((value) => value > 0)).toBe(true);
    }
    await rm(join(out, 'splits.json'));
  });

  it('has other names in every build, since the salt is drawn anew', async () => {
    const again = join(folder, 'again');
    await build({ sources: [join(folder, 'exports', 'research')], out: again });
    const names = (path: string) => readdirSync(join(path, 'labelsTr')).map((name) => name.split('_')[0]);
    expect(names(again).filter((name) => names(out).includes(name))).toEqual([]);
    expect((await openDataset(again)).labels.map(({ name }) => name)).toEqual(['background', 'Anterior', 'Posterior']);
  });

  it('is only tried where that is asked for', async () => {
    const tried = join(folder, 'tried');
    const said = await build({ sources: [join(folder, 'exports')], out: tried, labels: asked, dryRun: true });
    expect(said.cases).toEqual(report.cases);
    expect(existsSync(tried)).toBe(false);
  });
});
