import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkTarget, writeEvaluation } from '../../../../main/services/evaluation/writeEvaluation.ts';
import { assemble, commonUnit, compareEvaluated } from '../../../../main/services/evaluation/assemble.ts';
import { scoreCase } from '../../../../ml/evaluation/caseScores.ts';
import type { EvaluatedCase, Evaluation } from '../../../../main/report/evaluation.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { grid, twoLabels } from '../../datasets/folders.ts';

const structures = [{ value: 1, name: 'one' }];

/** A label whose first `wrong` voxels are left out. */
function caseOf(name: string, wrong: number): EvaluatedCase {
  const prediction = twoLabels().map((value, v) => (v < wrong ? 0 : value));
  const scores = scoreCase(prediction, twoLabels(), grid, structures, 1);
  return { case: name, group: name, structures: scores, seconds: wrong, seen: false };
}

const cases = [caseOf('a', 3), caseOf('b', 12), caseOf('c', 0), caseOf('d', 7)];
const many = Array.from({ length: 20 }, (_, n) => ({ ...caseOf(`${n}`, n), seconds: Math.sqrt(n) }));
const model = { model: 'ours', madeBy: undefined };
const evaluation: Evaluation = {
  title: 'Test',
  distanceUnit: 'mm',
  tolerance: 1,
  warnings: ['Beware.'],
  ...assemble(model, cases, 0),
};

describe('assemble', () => {
  it('does not depend on the order of the cases', () => {
    expect(assemble(model, many.toReversed(), 5)).toEqual(assemble(model, many, 5));
    const [one, other] = [assemble(model, cases, 5), assemble(model, cases.toReversed(), 5)];
    expect(other).toEqual(one);
    expect(compareEvaluated(other, assemble(model, cases.slice(1), 5), 5)).toEqual(
      compareEvaluated(one, assemble(model, cases.slice(1).toReversed(), 5), 5),
    );
    expect(one.cases.map((found) => found.case)).toEqual(['b', 'd', 'a', 'c']);
    expect(one.seconds).toMatchObject({ mean: 5.5, count: 4 });
  });

  it('draws the same intervals for the same seed only', () => {
    const interval = (seed: number) => assemble(model, many, seed).seconds?.interval;
    expect(interval(1)).toEqual(interval(1));
    expect(interval(1)).not.toEqual(interval(2));
  });
});

describe('commonUnit', () => {
  it('is the unit of all, and refuses a mixture', () => {
    const voxel = { case: 'b', grid: { ...grid, unit: 'voxel' as const } };
    expect(commonUnit([{ case: 'a', grid }])).toBe('mm');
    expect(commonUnit([voxel])).toBe('voxel');
    expect(() => commonUnit([{ case: 'a', grid }, voxel])).toThrow('in mm in a and in voxel in b');
  });
});

describe('writeEvaluation', () => {
  let folder: string;
  beforeEach(() => {
    folder = join(temporaryFolder(), 'out');
  });

  it('writes three files, each with what a reader must know', async () => {
    await writeEvaluation(folder, evaluation, 'refuse');
    expect(readdirSync(folder).toSorted()).toEqual(['metrics.csv', 'metrics.json', 'report.html']);
    expect(JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8'))).toMatchObject({
      schema: 1,
      warnings: ['Beware.'],
      madeBy: null,
      cases: [{ case: 'b', seen: false, seconds: 12 }, {}, {}, { case: 'c', mean: { dice: 1 } }],
    });
    expect(readFileSync(join(folder, 'metrics.csv'), 'utf8')).toMatch(/^b,b,1,one,.+,12,false\r$/m);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('Beware.');
  });

  it('replaces an evaluation where it may', async () => {
    await writeEvaluation(folder, evaluation, 'refuse');
    await expect(checkTarget(folder, 'refuse')).rejects.toThrow('this exists already');
    await expect(writeEvaluation(folder, evaluation, 'refuse')).rejects.toThrow('this exists already');
    await writeEvaluation(folder, { ...evaluation, title: 'Other' }, 'replace');
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('<title>Other</title>');
    expect(readdirSync(join(folder, '..'))).toEqual(['out']);
  });

  it('replaces nothing else, whatever it may', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.nii.gz'), 'mine');
    await expect(checkTarget(folder, 'replace')).rejects.toThrow('this folder holds a.nii.gz');
    await expect(writeEvaluation(folder, evaluation, 'replace')).rejects.toThrow('this folder holds a.nii.gz');
    expect(readFileSync(join(folder, 'a.nii.gz'), 'utf8')).toBe('mine');
    expect(readdirSync(join(folder, '..'))).toEqual(['out']);
    await expect(checkTarget(join(folder, 'a.nii.gz'), 'replace')).rejects.toMatchObject({ kind: 'data' });
  });
});
