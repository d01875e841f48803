import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCheckpoint, saveCheckpoint, type Checkpoint } from '../../../main/training/checkpoint.ts';
import { encodeSafetensors } from '../../../main/services/models/safetensors.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const checkpoint: Checkpoint = {
  progress: { step: 7, seconds: 12.345678901234567, validated: 5, stale: 1, best: { step: 5, dice: 0.1 + 0.2 } },
  state: { a: Float32Array.of(1, -0, 1e-45), 'moment.a': Float32Array.of(Math.PI, 0, 3e38) },
  history: { meanSquares: Float64Array.of(0.1, 1 / 3), counts: Float64Array.of(3, 11) },
};

describe('a checkpoint', () => {
  it('comes back bit for bit', async () => {
    const path = join(temporaryFolder(), 'checkpoint.safetensors');
    const numbers = fc.float64Array({ minLength: 0, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(numbers, fc.float32Array(), fc.boolean(), async (history, state, isFirst) => {
        const early = { step: 3, seconds: 1, validated: 0, stale: 0 };
        const saved: Checkpoint = {
          progress: isFirst ? early : checkpoint.progress,
          state: { a: state },
          history: { meanSquares: history, counts: history.toReversed() },
        };
        await saveCheckpoint(path, saved);
        expect(await loadCheckpoint(path)).toEqual(saved);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['cut off', encodeSafetensors(new Map()).subarray(0, 5)],
    ['of another program', encodeSafetensors(new Map())],
    ['without JSON', encodeSafetensors(new Map(), { progress: '{', meanSquares: '', counts: '' })],
    [
      'with half a number',
      encodeSafetensors(new Map(), { progress: JSON.stringify(checkpoint.progress), meanSquares: 'AAAA', counts: '' }),
    ],
    [
      'with an absurd step',
      encodeSafetensors(new Map(), {
        progress: '{"step":-1,"seconds":0,"validated":0,"stale":0}',
        meanSquares: '',
        counts: '',
      }),
    ],
  ])('that is %s is refused, naming it', async (_, bytes) => {
    const path = join(temporaryFolder(), 'checkpoint.safetensors');
    writeFileSync(path, bytes);
    await expect(loadCheckpoint(path)).rejects.toMatchObject({
      kind: 'data',
      what: 'the checkpoint is damaged',
      where: path,
    });
  });
});
