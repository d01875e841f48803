import type { Laboratory } from '../laboratory.ts';
import { notRun, table, writtenSummary } from '../markdown.ts';
import { startSteps, starts as fractions, subjects, type Subject } from '../matrix.ts';
import type { Claim } from './claim.ts';

async function tableOf(laboratory: Laboratory, subject: Subject): Promise<string> {
  const twins = await laboratory.twins(subject, 'recycling', 0);
  const way = { method: 'pd-ddpm', sampler: 'ddpm', steps: startSteps, samples: 1, starts: fractions } as const;
  const scores = await laboratory.evaluate('starts-0', subject, [twins], way);
  const rows = (scores?.starts ?? []).map(({ start, networkPasses, summary, seconds }) => [
    start === 0 ? 'pre-segmentation alone' : `${Math.round(100 * start)} %`,
    String(networkPasses),
    writtenSummary(summary),
    writtenSummary(seconds, 2),
  ]);
  const body = rows.length > 0 ? table(['Start', 'Network passes', 'Dice', 'Seconds a case'], rows) : notRun;
  return `### ${subject.title}\n\n${body}`;
}

export const starts: Claim = {
  letter: 'e',
  says: `PD-DDPM with ${startSteps} steps: from 10 to 30 % of the chain the Dice is at least that of the whole chain and of the pre-segmentation, at a cost in proportion.`,
  measure: async (laboratory) => {
    const tables: string[] = [];
    for (const subject of subjects) tables.push(await tableOf(laboratory, subject));
    return tables.join('\n\n');
  },
};
