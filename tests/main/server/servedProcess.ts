import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { browserTransport } from '../../../main/contract/browserTransport.ts';
import type { Answer, Asking, CallName } from '../../../main/contract/calls.ts';
import { clientOver, type Client } from '../../../main/contract/client.ts';
import { valueOf } from '../host/testHost.ts';

const entry = resolve(import.meta.dirname, '../../../main/cli/sfumato.mjs');

/** `sfumato serve` as a process of its own, with the page's way to ask it. */
export interface Served {
  readonly client: Client;
  readonly ask: <Name extends CallName>(name: Name, ask: Asking<Name>) => Promise<Answer<Name>>;
  /** Ends all of its processes at once, as a power cut does. */
  readonly kill: () => Promise<void>;
  /** Ends it as a person does. */
  readonly stop: () => Promise<void>;
}

const resultSchema = z.object({ event: z.literal('result'), origin: z.string(), token: z.string() });

/** @param watcher A program and its arguments that run the server, e.g. strace. */
export async function serveIn(folder: string, watcher: readonly string[] = []): Promise<Served> {
  const [program, ...args] = [...watcher, process.execPath, entry, 'serve', '--json'];
  const child = spawn(program, [...args, '--workspace', join(folder, 'workspace')], {
    env: { ...process.env, SFUMATO_HOME: join(folder, 'home') },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    process.kill(-child.pid!, signal);
    await closed;
  };
  onTestFinished(() => end('SIGKILL'));
  const address = await addressOf(child.stdout);
  const client = clientOver({ ...browserTransport(address), listen: () => () => undefined });
  return {
    client,
    ask: async (name, ask) => valueOf(await client.call(name, ask)),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

async function addressOf(output: Readable): Promise<z.infer<typeof resultSchema>> {
  for await (const line of createInterface({ input: output })) {
    const result = resultSchema.safeParse(JSON.parse(line));
    if (result.success) return result.data;
  }
  throw new Error('the server ended before it told its address');
}
