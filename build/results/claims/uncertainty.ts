import type { Laboratory, Way } from '../laboratory.ts';
import { notRun, table, writtenSummary } from '../markdown.ts';
import { subjects, type Subject } from '../matrix.ts';
import type { Scores } from '../scores.ts';
import type { Claim } from './claim.ts';

const samples = 8;

/** Sources of uncertainty that stand side by side. */
const sources: readonly { readonly name: string; readonly way: Way }[] = [
  { name: 'direct, softmax', way: { method: 'direct' } },
  { name: 'direct, views of the image', way: { method: 'direct', augment: true, samples } },
  { name: 'recycling, samples', way: { method: 'diffusion', sampler: 'ddim', steps: 5, samples } },
  {
    name: 'recycling, samples and views',
    way: { method: 'diffusion', sampler: 'ddim', steps: 5, samples, augment: true },
  },
];

function row(subject: Subject, name: string, scores: Scores | undefined): string[] {
  const found = scores?.uncertainty;
  const coverage = found?.samples.map((one) => writtenSummary(one.coverage, 2)).join('; ');
  const cases = found?.caseReview;
  const error = scores?.calibration?.error;
  return [
    subject.title,
    name,
    writtenSummary(found?.errorDetection),
    writtenSummary(found?.sliceReview),
    writtenSummary(cases && { mean: cases.area, interval: cases.interval }),
    typeof error === 'number' ? error.toFixed(3) : notRun,
    coverage ?? notRun,
  ];
}

async function rowsOf(laboratory: Laboratory): Promise<string[][]> {
  const rows: string[][] = [];
  for (const subject of subjects) {
    const twins = await laboratory.twins(subject, 'recycling', 0);
    for (const [n, { name, way }] of sources.entries())
      rows.push(row(subject, name, await laboratory.evaluate(`uncertainty-${n}`, subject, [twins], way)));
  }
  return rows;
}

export const uncertainty: Claim = {
  letter: 'f',
  says: 'Entropy finds wrong voxels near the boundary better than the softmax of the direct network and than views of the image; reviewing what is most uncertain first beats any order (areas, 0.5 is chance); coverage of the ranges of volume.',
  measure: async (laboratory) => {
    const areas = ['Wrong voxels found', 'Slices first', 'Cases first'];
    return table(['Data', 'Source', ...areas, 'Calibration error', 'Coverage by structure'], await rowsOf(laboratory));
  },
};
