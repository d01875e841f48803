import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLabelled } from '../../../../main/datasets/dataset.ts';
import { openDataset } from '../../../../main/datasets/openDataset.ts';
import { findSeenCases, type SeenCases } from '../../../../main/services/evaluation/seenCases.ts';
import { casesOf } from '../../../../main/training/planDataset.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { hippocampus } from '../../datasets/folders.ts';
import { imageOf, labelOf, writeTinyModel } from './tinyModel.ts';

async function find(
  seen: readonly string[],
  ids?: readonly string[],
  { folder = hippocampus, allowSeen = false } = {},
): Promise<SeenCases> {
  const model = await writeTinyModel(join(temporaryFolder(), 'model'), { seen });
  const dataset = await openDataset(folder);
  const cases = ids ? casesOf(dataset, ids) : dataset.cases.filter(isLabelled);
  return findSeenCases({ model, dataset, cases, allowSeen, signal: new AbortController().signal });
}

const refusal = (what: string) =>
  expect.objectContaining({
    kind: 'data',
    what: `${what} show persons whom the model hippocampus-example was trained on`,
  }) as unknown;

describe('findSeenCases', () => {
  it('finds nothing among other persons', async () => {
    const { groups, warnings } = await find(
      ['hippocampus_006', 'hippocampus_065'],
      ['hippocampus_025', 'hippocampus_026'],
    );
    expect({ groups, warnings }).toEqual({ groups: new Set(), warnings: [] });
  });

  it('refuses what the model was trained on, and says how many', async () => {
    const two = ['hippocampus_006', 'hippocampus_065'];
    await expect(find(two, [...two, 'hippocampus_025'])).rejects.toEqual(refusal('2 of 3 cases'));
  });

  it('takes another image of the same person for seen', async () => {
    await expect(find(['hippocampus_025'], ['hippocampus_026', 'hippocampus_007'])).rejects.toEqual(
      refusal('1 of 2 cases'),
    );
  });

  it('looks at what is in the files, not at their names', async () => {
    const folder = temporaryFolder();
    for (const part of ['images', 'labels']) mkdirSync(join(folder, part));
    copyFileSync(imageOf('hippocampus_025'), join(folder, 'images', 'other.nii.gz'));
    copyFileSync(labelOf('hippocampus_025'), join(folder, 'labels', 'other.nii.gz'));
    await expect(find(['hippocampus_025'], undefined, { folder })).rejects.toEqual(refusal('1 of 1 cases'));
    expect((await find(['hippocampus_026'], undefined, { folder })).warnings).toEqual([]);
  });

  it('only warns where that is allowed', async () => {
    const { groups, warnings } = await find(['hippocampus_025'], ['hippocampus_026', 'hippocampus_007'], {
      allowSeen: true,
    });
    expect(groups).toEqual(new Set(['person-013']));
    expect(warnings).toEqual([expect.stringMatching(/^1 of 2 cases .+ not how good it is\.$/)]);
  });

  it('says so where the model does not say what it was trained on', async () => {
    const { groups, warnings } = await find([]);
    expect(groups).toBeUndefined();
    expect(warnings).toEqual(['The model hippocampus-example does not say which cases it was trained on.']);
  });
});
