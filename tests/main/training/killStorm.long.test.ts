import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stream } from '../../../ml/random/stream.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { bytesOf, finish, killAt } from './killedRun.ts';
import { beginTinyRun, type TinyRun } from './tinyRun.ts';

const KILLS = 15;

const runs: readonly (readonly [string, TinyRun])[] = [
  ['direct', { method: 'direct', steps: 120, settings: { checkpointSeconds: 0.5, validations: 12, patience: 12 } }],
  [
    'diffusion',
    {
      method: 'diffusion',
      steps: 60,
      settings: { timesteps: 5, schedule: 'cosine', checkpointSeconds: 0.5, validations: 12, patience: 12 },
    },
  ],
];

it.each(runs)('a storm of kills at any moment leaves no mark on the weights (%s)', async (_, run) => {
  const [straight, killed] = [join(temporaryFolder(), 'straight'), join(temporaryFolder(), 'killed')];
  await beginTinyRun(straight, run);
  await beginTinyRun(killed, run);
  const seed = process.hrtime()[1];
  const rng = stream(seed, 'storm');
  await finish(straight);
  for (let kill = 0; kill < KILLS; kill++)
    // Every third while it starts or prepares, the others in the training itself.
    await killAt(killed, {
      events: kill % 3 === 0 ? 0 : 1 + rng.integer(8),
      milliseconds: rng.integer(kill % 3 === 0 ? 4000 : 300),
    });
  await finish(killed);
  expect(await bytesOf(killed), `kills of seed ${seed}`).toEqual(await bytesOf(straight));
});
