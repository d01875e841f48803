import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import type { Rng } from '../../../ml/random/rng.ts';
import { stream } from '../../../ml/random/stream.ts';
import { sharedData } from '../../support/data.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus } from '../datasets/folders.ts';
import { testHost, type TestHost } from './testHost.ts';

const FILES = 200;
const own = join(import.meta.dirname, '../../data');
const shared = sharedData();
const folders = [own, ...(shared === undefined ? [] : [join(shared, 'dicom', 'odd'), join(shared, 'nifti-edge')])];

const sources = folders
  .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.(dcm|nii|gz|nrrd|mha)$/.test(entry.name))
  .map(({ parentPath, name }) => join(parentPath, name))
  .filter((path) => statSync(path).size < 500_000);

/** What becomes of files on their way: cut off, bits turned in the header, a stretch lost. */
const damages: readonly ((bytes: Buffer, rng: Rng) => Buffer)[] = [
  (bytes, rng) => bytes.subarray(0, Math.floor(bytes.length * rng.uniform())),
  (bytes, rng) => {
    for (let n = 0; n < 20; n++) bytes[Math.floor(Math.min(2000, bytes.length) * rng.uniform())] = 256 * rng.uniform();
    return bytes;
  },
  (bytes, rng) => bytes.fill(0, Math.floor(bytes.length * rng.uniform() * 0.5)),
];

it(`says in clear words what is wrong with ${FILES} broken and odd files, and lives on`, async () => {
  const host = await testHost();
  const folder = temporaryFolder();
  const rng = stream(0, 'damage');
  let refused = 0;
  for (let n = 0; n < FILES; n++) {
    const source = sources[n % sources.length]!;
    const path = join(folder, `${n}-${basename(source)}`);
    const damage = damages[n % damages.length]!;
    writeFileSync(path, damage(readFileSync(source), rng));
    if (await isRefused(host, path)) refused++;
  }
  expect(refused).toBeGreaterThan(FILES / 4);
  const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');
  expect(await isRefused(host, scan)).toBe(false);
});

/** Opens and reads it; a refusal names the file and is no mistake of ours. */
async function isRefused({ client }: TestHost, path: string): Promise<boolean> {
  const opened = await client.call('studies:open', { paths: [path] });
  if (!opened.ok) return expectClear(opened.problem, path);
  for (const { volume } of opened.value.studies[0]!.volumes) {
    const read = await client.call('volumes:open', { volume });
    const slices = read.ok && (await client.call('volumes:slices', { volume, channel: 0, from: 0, to: 1 }));
    await client.call('volumes:close', { volume });
    if (!read.ok) return expectClear(read.problem, path);
    if (slices && !slices.ok) return expectClear(slices.problem, path);
  }
  return false;
}

function expectClear(problem: { kind: string; what: string; where: string; remedy: string }, path: string): true {
  expect(['data', 'memory'], `${path}: ${problem.what}`).toContain(problem.kind);
  expect(problem.where).toContain(path);
  expect(problem.what.length, path).toBeGreaterThan(5);
  expect(problem.remedy.length, path).toBeGreaterThan(5);
  return true;
}
