import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { forkProcess } from '../../../main/compute/forkProcess.ts';
import { clientOver, type Client, type Reply } from '../../../main/contract/client.ts';
import type { CallName, Asking, Answer } from '../../../main/contract/calls.ts';
import type { Job } from '../../../main/contract/jobs.ts';
import { openHost, type Host } from '../../../main/host/host.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

export interface TestHost {
  readonly host: Host;
  readonly client: Client;
  readonly workspace: string;
  /** The person's own library of models. */
  readonly models: string;
  /** The answer of a call that has to succeed. */
  readonly ask: <Name extends CallName>(name: Name, ask: Asking<Name>) => Promise<Answer<Name>>;
}

/** A real host with its own workspace and model library, which ends with the test. */
export async function testHost(folder = temporaryFolder()): Promise<TestHost> {
  vi.stubEnv('SFUMATO_HOME', join(folder, 'home'));
  const workspace = join(folder, 'workspace');
  const models = join(folder, 'home', 'models');
  mkdirSync(models, { recursive: true });
  const host = await openHost({ workspace, door: 'server', startProcess: forkProcess });
  onTestFinished(async () => {
    await host.close();
    vi.unstubAllEnvs();
  });
  const client = clientOver({ ask: (name, ask) => host.answer(name, ask), listen: host.listen });
  return { host, client, workspace, models, ask: async (name, ask) => valueOf(await client.call(name, ask)) };
}

export function valueOf<Name extends CallName>(reply: Reply<Name>): Answer<Name> {
  if (reply.ok) return reply.value;
  throw new Error(`${reply.problem.what} (${reply.problem.where}). ${reply.problem.remedy}`);
}

/** The job once it is over, or in the state that is waited for. */
export function jobIn({ client }: Pick<TestHost, 'client'>, job: string, state?: Job['state']): Promise<Job> {
  const isThere = (one: Job): boolean =>
    one.job === job && (state === undefined ? one.endedAt !== null : one.state === state);
  return new Promise((resolve, reject) => {
    const stop = client.on('job:changed', (changed) => {
      if (!isThere(changed)) return;
      stop();
      resolve(changed);
    });
    client.call('jobs:list', {}).then((reply) => {
      const known = reply.ok ? reply.value.find(isThere) : undefined;
      if (known === undefined) return;
      stop();
      resolve(known);
    }, reject);
  });
}
