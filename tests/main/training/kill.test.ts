import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stream } from '../../../ml/random/stream.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { bytesOf, finish, killAt } from './killedRun.ts';
import { beginTinyRun, type TinyRun } from './tinyRun.ts';

// Of 5 steps 4 are drawn: seen 10 times each well before the end, so that importance decides the later draws.
const importance = { timesteps: 5, schedule: 'cosine', batchSize: 8 } as const;

const runs: readonly (readonly [string, TinyRun])[] = [
  ['direct', { method: 'direct', steps: 16, settings: { checkpointSeconds: 0.2, validations: 4 } }],
  [
    'diffusion',
    { method: 'diffusion', steps: 16, settings: { ...importance, checkpointSeconds: 0.2, validations: 4 } },
  ],
];

describe('a training killed with SIGKILL and resumed', () => {
  it.each(runs)('ends with the weights of one never killed, bit for bit (%s)', { timeout: 240_000 }, async (_, run) => {
    const [straight, killed] = [join(temporaryFolder(), 'straight'), join(temporaryFolder(), 'killed')];
    await beginTinyRun(straight, run);
    await beginTinyRun(killed, run);
    const seed = process.hrtime()[1];
    const rng = stream(seed, 'kill');
    await finish(straight);
    for (let kill = 0; kill < 3; kill++) {
      await killAt(killed, { events: 1 + rng.integer(4), milliseconds: rng.integer(400) });
      expect(readdirSync(join(killed)).includes('run.json')).toBe(true);
    }
    await finish(killed);
    expect(await bytesOf(killed), `kills of seed ${seed}`).toEqual(await bytesOf(straight));
    if (run.method === 'diffusion')
      expect(Math.min(...(await bytesOf(straight)).history.counts)).toBeGreaterThanOrEqual(10);
    // Nothing of the killed writers stays, and the record of the training has each line once.
    expect(readdirSync(killed).filter((name) => name.includes('partial'))).toEqual([]);
    const validations = readFileSync(join(killed, 'metrics.jsonl'), 'utf8').match(/"kind":"validation","step":\d+/g);
    expect(validations).toEqual(
      readFileSync(join(straight, 'metrics.jsonl'), 'utf8').match(/"kind":"validation","step":\d+/g),
    );
  });
});
