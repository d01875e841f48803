import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { planSchema } from '../../../ml/data/plan/planSchema.ts';
import { hippocampus } from '../datasets/folders.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { parseLines, sfumato } from './launch.ts';

it('sfumato plan says what a training would do and why, for machines and for people', async () => {
  const machine = await sfumato(['plan', hippocampus, '--memory', '2000', '--json']);
  expect(machine, machine.stderr).toMatchObject({ code: 0, stderr: '' });
  const result = parseLines(machine.stdout).at(-1)!;
  expect(result).toMatchObject({
    event: 'result',
    cases: { train: 8, validation: 2, test: 2 },
    labels: [{ value: 0 }, { value: 1, name: 'Anterior' }, { value: 2, name: 'Posterior' }],
  });
  const plan = planSchema.parse(result['plan']);
  expect(plan).toMatchObject({ dimensions: 3, spacing: [1, 1, 1], unit: 'mm', channels: ['MRI'], classes: 3 });
  expect(plan.memoryMiB).toBeLessThanOrEqual(2000);

  const people = await sfumato(['plan', hippocampus, '--memory', '2000']);
  expect(people.stdout).toContain('8 cases to train on, 2 to validate with, 2 to test; no patient is in two of them.');
  for (const sentence of plan.explanation) expect(people.stdout).toContain(sentence);
});

it('sfumato plan exits with 4 where not even the smallest network fits, saying what would', async () => {
  const { code, stderr } = await sfumato(['plan', hippocampus, '--memory', '150', '--preset', 'large']);
  expect(code).toBe(4);
  expect(stderr).toMatch(/^error: the large network needs \d+ MiB .+Allow \d+ MiB or choose a smaller preset\.$/m);
});

it('sfumato plan says that a structure is in no case', async () => {
  const data = join(temporaryFolder(), 'data');
  cpSync(hippocampus, data, { recursive: true });
  const path = join(data, 'dataset.json');
  const said = JSON.parse(readFileSync(path, 'utf8')) as { readonly labels: object };
  writeFileSync(path, JSON.stringify({ ...said, labels: { ...said.labels, '3': 'Amygdala' } }));
  const { code, stdout } = await sfumato(['plan', data, '--memory', '2000']);
  expect(code).toBe(0);
  expect(stdout).toContain('Amygdala fills 0 % of the voxels and is present in 0 of 8 cases.');
});

it('sfumato plan takes slices beside each where that is asked', async () => {
  const { code, stdout } = await sfumato(['plan', hippocampus, '--memory', '2000', '--set', 'context=2', '--json']);
  expect(code).toBe(0);
  expect(parseLines(stdout).at(-1)).toMatchObject({ plan: { dimensions: 2, context: 2, membership: 'exclusive' } });
});
