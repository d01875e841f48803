import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openHost } from '../../../main/host/host.ts';
import { forkProcess } from '../../../main/compute/forkProcess.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { serveIn } from '../server/servedProcess.ts';

it('a workspace that one host has open is not opened by another, until that one ends or is killed', async () => {
  const folder = temporaryFolder();
  const workspace = join(folder, 'workspace');
  const open = () => openHost({ workspace, door: 'electron', startProcess: forkProcess });
  for (const end of ['stop', 'kill'] as const) {
    const served = await serveIn(folder);
    const words = new RegExp(`^process \\d+ of ${hostname()} has this workspace open as \`sfumato serve\``);
    await expect(open()).rejects.toMatchObject({
      kind: 'data',
      where: workspace,
      what: expect.stringMatching(words) as string,
    });
    expect(await served.ask('jobs:list', {})).toEqual([]);
    await served[end]();
    expect(existsSync(join(workspace, 'lock.json'))).toBe(end === 'kill');
    await (await open()).close();
  }
  expect(existsSync(join(workspace, 'lock.json'))).toBe(false);
});
