import { estimateGain } from '../estimate.ts';
import type { Laboratory } from '../laboratory.ts';
import { table, verdict, written } from '../markdown.ts';
import { samplers, subjects } from '../matrix.ts';
import type { Claim } from './claim.ts';
import { scoresAt } from './steps.ts';

const others = ['standard', 'selfConditioning', 'recyclingNext'] as const;

async function rowsOf(laboratory: Laboratory): Promise<string[][]> {
  const rows: string[][] = [];
  for (const subject of subjects.filter(({ strategies }) => others.every((other) => strategies.includes(other))))
    for (const sampler of samplers) {
      const way = { sampler, steps: 5 };
      const recycling = await scoresAt(laboratory, subject, 'recycling', way);
      for (const other of others) {
        const gain = estimateGain(recycling, await scoresAt(laboratory, subject, other, way));
        rows.push([subject.title, sampler, other, written(gain), verdict(gain)]);
      }
    }
  return rows;
}

export const strategies: Claim = {
  letter: 'b',
  says: 'At 5 steps `recycling` is better than `selfConditioning`, `recyclingNext` and `standard`, with DDPM and with DDIM.',
  measure: async (laboratory) =>
    table(['Data', 'Sampler', 'Against', 'Gain of recycling in Dice', 'Claim'], await rowsOf(laboratory)),
};
