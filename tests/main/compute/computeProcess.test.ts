import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Problem } from '../../../ml/check/problem.ts';
import type { Channel } from '../../../main/compute/channel.ts';
import { ComputeEnded, ComputeProcess } from '../../../main/compute/computeProcess.ts';
import { forkProcess } from '../../../main/compute/forkProcess.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus } from '../datasets/folders.ts';

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');
/** Far more than the test waits for. */
const long = (out: string) => ({
  channels: [{ name: 'T1', path: scan }],
  out,
  model: 'hippocampus',
  method: 'diffusion' as const,
  samples: 500,
  steps: 500,
  seed: 0,
});

function realProcess(): ComputeProcess {
  const compute = new ComputeProcess(forkProcess);
  onTestFinished(() => compute.close());
  return compute;
}

describe('ComputeProcess', () => {
  it('does work, several pieces at once, and says what is wrong in the words of the work', async () => {
    const compute = realProcess();
    const [found, broken] = await Promise.allSettled([
      compute.run('study:scan', { path: scan }),
      compute.run('study:scan', { path: join(hippocampus, 'nothing.nii.gz') }),
    ]);
    expect(found).toMatchObject({ status: 'fulfilled', value: { studies: [{ name: 'hippocampus_025.nii.gz' }] } });
    expect(broken).toMatchObject({
      status: 'rejected',
      reason: { kind: 'data', what: 'there is no such file or folder' },
    });
  });

  it('stops within a second of being told, whatever it computes, and leaves nothing behind', async () => {
    const compute = realProcess();
    const out = temporaryFolder();
    const controller = new AbortController();
    const begun = new Promise<void>((resolve) => {
      void compute
        .run('segment', long(out), {
          signal: controller.signal,
          onUpdate: () => {
            resolve();
          },
        })
        .catch((error: unknown) => ended.push(error));
    });
    const ended: unknown[] = [];
    await begun;
    const told = performance.now();
    controller.abort(new Problem('cancelled', 'stopped', 'test', ''));
    while (ended.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(performance.now() - told).toBeLessThan(1000);
    expect(ended).toMatchObject([{ kind: 'cancelled', where: 'test' }]);
    expect(readdirSync(out)).toEqual([]);
  });

  it('ends a process that computes on when it is told to stop', async () => {
    const { compute } = scripted();
    const controller = new AbortController();
    const running = compute.run('study:scan', { path: scan }, { signal: controller.signal });
    const told = performance.now();
    controller.abort(new Problem('cancelled', 'stopped', 'test', ''));
    await expect(running).rejects.toMatchObject({ kind: 'cancelled', where: 'test' });
    expect(performance.now() - told).toBeLessThan(1000);
  });

  it('says in words that its process was killed, and starts another for the next work', async () => {
    const compute = realProcess();
    const out = temporaryFolder();
    const failed = compute
      .run('segment', long(out), {
        onUpdate: () => {
          process.kill(compute.process!, 'SIGKILL');
        },
      })
      .catch((error: unknown) => error);
    const problem = await failed;
    expect(problem).toBeInstanceOf(ComputeEnded);
    expect(problem).toMatchObject({
      kind: 'memory',
      remedy: expect.stringContaining('Close other programs') as string,
    });
    expect(readdirSync(out)).toEqual([]);
    expect(await compute.run('study:scan', { path: scan })).toMatchObject({ refused: [] });
  });

  it('deletes what a process was writing when it ended', async () => {
    const folder = temporaryFolder();
    const { compute, child } = scripted();
    const running = compute.run('study:scan', { path: scan }).catch((error: unknown) => error);
    const [kept, torn] = ['kept', 'torn'].map((name) => temporaryFile(folder, name));
    child.say({ tell: 'unfinished', path: kept });
    child.say({ tell: 'unfinished', path: torn });
    child.say({ tell: 'finished', path: kept });
    child.end(1, null);
    expect(await running).toMatchObject({ kind: 'data', what: 'the work crashed with code 1' });
    expect([existsSync(kept!), existsSync(torn!)]).toEqual([true, false]);
  });

  it('refuses a message that no compute process sends', () => {
    const { compute, child } = scripted();
    void compute.run('study:scan', { path: scan }).catch(() => undefined);
    expect(() => {
      child.say({ kind: 'done', id: 'x' });
    }).toThrow();
    child.end(0, null);
  });
});

/** A process whose messages the test sends. */
function scripted() {
  let say: (message: unknown) => void = () => undefined;
  let end: (code: number | null, signal: string | null) => void = () => undefined;
  const channel: Channel = {
    process: undefined,
    send: () => undefined,
    onMessage: (listener) => {
      say = listener;
    },
    onEnd: (listener) => {
      end = listener;
    },
    kill: () => {
      end(null, 'SIGKILL');
    },
  };
  const child = {
    say: (message: unknown) => {
      say(message);
    },
    end: (code: number | null, signal: string | null) => {
      end(code, signal);
    },
  };
  return { compute: new ComputeProcess(() => channel), child };
}

function temporaryFile(folder: string, name: string): string {
  const path = join(folder, name);
  writeFileSync(path, 'x');
  return path;
}
