import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { hippocampus } from '../datasets/folders.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { testHost, type TestHost } from './testHost.ts';

const scan = (number: string) => join(hippocampus, 'imagesTr', `hippocampus_${number}.nii.gz`);

/** Sends a scan as a browser does. */
async function sent({ ask }: TestHost, number: string) {
  const { upload } = await ask('uploads:begin', {});
  const bytes = new Uint8Array(readFileSync(scan(number))).buffer;
  await ask('uploads:add', { upload, name: `${number}.nii.gz`, offset: 0, bytes });
  return { upload, path: (await ask('uploads:finish', { upload })).path };
}

/** The study of a scan that was sent, and the upload. */
async function openedFromBrowser(host: TestHost, number: string) {
  const { upload, path } = await sent(host, number);
  const [study] = (await host.ask('studies:open', { paths: [path] })).studies;
  return { upload, study: study!.study };
}

const uploadsIn = (workspace: string): string[] => readdirSync(join(workspace, 'uploads')).toSorted();

it('an upload goes with the study that it was sent for, and no other does', async () => {
  const host = await testHost();
  const first = await openedFromBrowser(host, '025');
  const second = await openedFromBrowser(host, '006');
  const { upload: onItsWay } = await sent(host, '065');
  await host.ask('studies:remove', { study: first.study });
  expect(uploadsIn(host.workspace)).toEqual([second.upload, onItsWay].toSorted());
});

it('an upload stays while another study of it is there', async () => {
  const host = await testHost();
  const { upload } = await host.ask('uploads:begin', {});
  for (const number of ['025', '006']) {
    const bytes = new Uint8Array(readFileSync(scan(number))).buffer;
    await host.ask('uploads:add', { upload, name: `${number}.nii.gz`, offset: 0, bytes });
  }
  const { path } = await host.ask('uploads:finish', { upload });
  const { studies } = await host.ask('studies:open', { paths: [path] });
  expect(studies).toHaveLength(2);
  await host.ask('studies:remove', { study: studies[0]!.study });
  expect(uploadsIn(host.workspace)).toEqual([upload]);
  await host.ask('studies:remove', { study: studies[1]!.study });
  expect(uploadsIn(host.workspace)).toEqual([]);
});

it('uploads that nothing refers to are gone after the next start; while a record is damaged all stay', async () => {
  const folder = temporaryFolder();
  const before = await testHost(folder);
  const kept = await openedFromBrowser(before, '025');
  const dataset = join(before.workspace, 'uploads', 'f'.repeat(16));
  mkdirSync(dataset);
  writeFileSync(join(before.workspace, 'datasets.json'), JSON.stringify([dataset]));
  const lost = await openedFromBrowser(before, '006');
  const { upload: unused } = await sent(before, '065');
  const record = join(before.workspace, 'studies', lost.study, 'study.json');
  const text = readFileSync(record, 'utf8');
  await before.host.close();

  writeFileSync(record, 'damaged');
  await (await testHost(folder)).host.close();
  await (await testHost(folder)).host.close();
  const all = [kept.upload, lost.upload, unused, 'f'.repeat(16)].toSorted();
  expect(uploadsIn(before.workspace)).toEqual(all);

  // As a person does who got the record back.
  writeFileSync(record, text);
  const study = dirname(record);
  for (const name of readdirSync(study)) if (name.includes('.damaged-')) rmSync(join(study, name));
  await (await testHost(folder)).host.close();
  expect(uploadsIn(before.workspace)).toEqual(all.filter((upload) => upload !== unused));
});
