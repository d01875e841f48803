import { estimateDice } from '../estimate.ts';
import type { Laboratory } from '../laboratory.ts';
import { table, written } from '../markdown.ts';
import { diffusionStrategies, samplers, samplingSteps, subjects, type Strategy, type Subject } from '../matrix.ts';
import type { Scores } from '../scores.ts';
import { present, type Claim } from './claim.ts';

/** One sample of each seed's network; the evaluations of all claims at one sample. */
export async function scoresAt(
  laboratory: Laboratory,
  subject: Subject,
  strategy: Strategy,
  { sampler, steps }: { readonly sampler: 'ddim' | 'ddpm'; readonly steps: number },
): Promise<Scores[]> {
  const scores: (Scores | undefined)[] = [];
  for (const seed of subject.seeds) {
    const model = await laboratory.model(subject, strategy, seed);
    const name = `${strategy}-${seed}-${sampler}-${steps}`;
    scores.push(await laboratory.evaluate(name, subject, [model], { method: 'diffusion', sampler, steps, samples: 1 }));
  }
  return present(scores);
}

async function tableOf(laboratory: Laboratory, subject: Subject): Promise<string> {
  const rows: string[][] = [];
  for (const sampler of samplers) {
    for (const strategy of diffusionStrategies.filter((one) => subject.strategies.includes(one))) {
      const cells: string[] = [];
      for (const steps of samplingSteps)
        cells.push(written(estimateDice(await scoresAt(laboratory, subject, strategy, { sampler, steps }))));
      rows.push([`${strategy}, ${sampler}`, ...cells]);
    }
  }
  return `### ${subject.title}\n\n${table(['Dice', ...samplingSteps.map((steps) => `${steps} steps`)], rows)}`;
}

export const steps: Claim = {
  letter: 'a',
  says: 'Over the sampling steps, the Dice of `standard` declines or wobbles, that of `recycling` holds or rises.',
  measure: async (laboratory) => {
    const tables: string[] = [];
    for (const subject of subjects) tables.push(await tableOf(laboratory, subject));
    return tables.join('\n\n');
  },
};
