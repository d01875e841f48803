import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { launch, parseLines } from './launch.ts';

// The promise is one second; the rest is for a machine that is busy with other tests.
const soon = 1500;

async function timed<T>(work: Promise<T>): Promise<readonly [T, number]> {
  const start = performance.now();
  return [await work, performance.now() - start];
}

describe('Ctrl-C', () => {
  it.each(['polite', 'deaf'])('ends a %s command in time, says how to resume, leaves no half file', async (name) => {
    const file = join(temporaryFolder(), 'half');
    const run = launch('trial', [name, '--file', file, '--json']);
    await run.spoke;
    expect(existsSync(file)).toBe(true);
    // A terminal signals the whole group.
    process.kill(-run.process.pid!, 'SIGINT');
    const [{ code, stdout, stderr }, milliseconds] = await timed(run.ended);
    expect(code).toBe(5);
    const tidied = name === 'polite' ? 'warning: tidied up\n' : '';
    expect(stderr).toBe(`${tidied}error: stopped (sfumato ${name}). Go on with --resume.\n`);
    expect(parseLines(stdout).at(-1)).toMatchObject({ event: 'error', kind: 'cancelled' });
    expect(existsSync(file)).toBe(false);
    expect(milliseconds).toBeLessThan(soon);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s to the first process alone does the same', async (signal) => {
    const run = launch('trial', ['polite', '--json']);
    await run.spoke;
    run.process.kill(signal);
    const [{ code, stderr }, milliseconds] = await timed(run.ended);
    expect(code).toBe(5);
    expect(stderr).toContain('tidied up');
    expect(milliseconds).toBeLessThan(soon);
  });

  it.each([100, 200, 300, 400])('%i ms after the start ends the command all the same', async (delay) => {
    const run = launch('trial', ['polite']);
    await setTimeout(delay);
    process.kill(-run.process.pid!, 'SIGINT');
    const [{ code }, milliseconds] = await timed(run.ended);
    // Null: on a busy machine Node itself may not have been up yet.
    expect([5, null]).toContain(code);
    expect(milliseconds).toBeLessThan(soon);
  });
});

describe('a command whose first process is killed', () => {
  it('ends too', async () => {
    const run = launch('trial', ['polite', '--json']);
    await run.spoke;
    run.process.kill('SIGKILL');
    // The pipes close when the second process, which has them too, has ended.
    const [, milliseconds] = await timed(run.ended);
    expect(milliseconds).toBeLessThan(soon);
  });
});

describe('a command whose reader leaves', () => {
  it('ends without a word', async () => {
    const run = launch('trial', ['polite', '--json']);
    // Reading to the end is what this test does not do.
    run.ended.catch(() => undefined);
    await run.spoke;
    const exit = once(run.process, 'exit');
    run.process.stdout?.destroy();
    await exit;
    expect(run.process.exitCode).toBe(5);
  });
});
