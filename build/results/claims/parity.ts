import { estimateDice, estimateGain } from '../estimate.ts';
import type { Laboratory } from '../laboratory.ts';
import { notRun, table, verdict, written } from '../markdown.ts';
import { subjects, type Subject } from '../matrix.ts';
import type { Scores } from '../scores.ts';
import { present, type Claim } from './claim.ts';
import { scoresAt } from './steps.ts';

/** Differences of Dice within which two methods count as on par. */
const margin = 0.005;

export async function directScores(laboratory: Laboratory, subject: Subject): Promise<Scores[]> {
  const scores: (Scores | undefined)[] = [];
  for (const seed of subject.seeds) {
    const model = await laboratory.model(subject, 'none', seed);
    scores.push(await laboratory.evaluate(`none-${seed}`, subject, [model], { method: 'direct' }));
  }
  return present(scores);
}

/** The direct network trained for as long as recycling took: the second forward pass of recycling is paid for. */
async function equalTime(laboratory: Laboratory, subject: Subject): Promise<Scores | undefined> {
  const seconds = async (strategy: 'none' | 'recycling') =>
    (await laboratory.model(subject, strategy, 0))?.description.training.runs[0]?.seconds;
  const [direct, recycling] = [await seconds('none'), await seconds('recycling')];
  if (direct === undefined || recycling === undefined) return undefined;
  const steps = Math.round((subject.steps * recycling) / direct);
  const training = { subject, strategy: 'none', seed: 0, steps } as const;
  const model = await laboratory.train(training, `${subject.dataset}-none-0-equal-time`);
  return laboratory.evaluate('none-0-equal-time', subject, [model], { method: 'direct' });
}

async function row(laboratory: Laboratory, subject: Subject): Promise<string[]> {
  const direct = await directScores(laboratory, subject);
  const recycling = await scoresAt(laboratory, subject, 'recycling', { sampler: 'ddim', steps: 5 });
  const longer = present([await equalTime(laboratory, subject)]);
  const gain = estimateGain(recycling, direct);
  const isOnPar = gain?.interval && gain.interval.low > -margin;
  return [
    subject.title,
    written(estimateDice(direct)),
    written(estimateDice(recycling)),
    written(gain),
    written(estimateGain(recycling.slice(0, 1), longer)),
    gain ? (isOnPar ? 'shown' : verdict(gain)) : notRun,
  ];
}

export const parity: Claim = {
  letter: 'c',
  says: `\`recycling\` (5 DDIM steps) is on par with \`none\`: the interval of its gain lies above -${margin}.`,
  measure: async (laboratory) => {
    const rows: string[][] = [];
    for (const subject of subjects) rows.push(await row(laboratory, subject));
    const gains = ['Gain at equal steps', 'Gain at equal time (one seed)'];
    return table(['Data', 'none', 'recycling', ...gains, 'Claim'], rows);
  },
};
