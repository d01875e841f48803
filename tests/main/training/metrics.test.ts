import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { truncateMetrics, writeMetric } from '../../../main/training/metrics.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

it('metrics after a checkpoint, a validation that it does not know, and half a line are dropped', async () => {
  const path = join(temporaryFolder(), 'metrics.jsonl');
  for (const step of [10, 20, 30])
    await writeMetric(path, { kind: 'training', step, loss: 1, gradientNorm: 1, seconds: step });
  for (const step of [10, 20]) await writeMetric(path, { kind: 'validation', step, dice: 0.5, structures: [0.5] });
  appendFileSync(path, '{"kind":"training","st');
  await truncateMetrics(path, { step: 20, validated: 10 });
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => /"kind":"(\w+)","step":(\d+)/.exec(line)?.slice(1).join(' '))).toEqual([
    'training 10',
    'training 20',
    'validation 10',
  ]);
  await truncateMetrics(join(temporaryFolder(), 'new.jsonl'), { step: 0, validated: 0 });
});
