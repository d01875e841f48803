import { estimateDice, estimateGain } from '../estimate.ts';
import type { Laboratory } from '../laboratory.ts';
import { table, verdict, written } from '../markdown.ts';
import { subjects, type Subject } from '../matrix.ts';
import type { Scores } from '../scores.ts';
import { present, type Claim } from './claim.ts';
import { directScores } from './parity.ts';

/** The mean of a direct network and one sample of recycling. */
async function withRecycling(laboratory: Laboratory, subject: Subject): Promise<Scores[]> {
  const scores: (Scores | undefined)[] = [];
  for (const seed of subject.seeds) {
    const twins = await laboratory.twins(subject, 'recycling', seed);
    const way = { method: 'ensemble', sampler: 'ddim', steps: 5, samples: 1 } as const;
    scores.push(await laboratory.evaluate(`ensemble-${seed}`, subject, [twins], way));
  }
  return present(scores);
}

/** The mean of two direct networks, of one seed and the next. */
async function twoDirect(laboratory: Laboratory, subject: Subject): Promise<Scores[]> {
  const { seeds } = subject;
  if (seeds.length < 2) return [];
  const scores: (Scores | undefined)[] = [];
  for (const [n, seed] of seeds.entries()) {
    const other = seeds[(n + 1) % seeds.length]!;
    const models = [await laboratory.model(subject, 'none', seed), await laboratory.model(subject, 'none', other)];
    scores.push(await laboratory.evaluate(`none-${seed}-and-${other}`, subject, models, { method: 'direct' }));
  }
  return present(scores);
}

async function row(laboratory: Laboratory, subject: Subject): Promise<string[]> {
  const ensemble = await withRecycling(laboratory, subject);
  const [overOne, overTwo] = [
    estimateGain(ensemble, await directScores(laboratory, subject)),
    estimateGain(ensemble, await twoDirect(laboratory, subject)),
  ];
  const claims = [verdict(overOne), verdict(overTwo)];
  return [subject.title, written(estimateDice(ensemble)), written(overOne), written(overTwo), claims.join('; ')];
}

export const ensembles: Claim = {
  letter: 'd',
  says: 'The mean of `recycling` and `none` is better than `none`, and than two `none` of different seeds.',
  measure: async (laboratory) => {
    const rows: string[][] = [];
    for (const subject of subjects) rows.push(await row(laboratory, subject));
    return table(['Data', 'Ensemble', 'Gain over none', 'Gain over two none', 'Claim, over one; over two'], rows);
  },
};
