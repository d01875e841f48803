import type { Rng } from '../random/rng.ts';
import { eachMetric, type CaseScores, type StructureSummary } from './caseSummary.ts';
import { summarise } from './summary.ts';

export interface SmallSummary extends StructureSummary {
  /** Voxels of the largest reference among them. */
  readonly largest: number;
}

/** Fewer cases have no third. */
const FEWEST = 3;

/**
 * Summarises each structure over the third of its cases in which the reference is smallest: what is small is easily missed, and the mean
 * over all hides it. Cases that do not have the structure are left out; structures that fewer than three cases have are, too.
 */
export function summariseSmall(cases: readonly CaseScores[], rng: Rng): SmallSummary[] {
  const structures = cases[0]?.structures.map(({ structure }) => structure.name) ?? [];
  return structures.flatMap((structure, index): SmallSummary[] => {
    const present = cases
      .map(({ group, structures: scores }) => ({ group, scores: scores[index]! }))
      .filter(({ scores }) => scores.referenceVoxels > 0)
      .sort((a, b) => a.scores.referenceVoxels - b.scores.referenceVoxels);
    if (present.length < FEWEST) return [];
    const small = present.slice(0, Math.ceil(present.length / 3));
    const metrics = eachMetric((metric) =>
      summarise(
        small.map(({ group, scores }) => ({ group, value: scores[metric] })),
        rng,
      ),
    );
    return [{ structure, largest: small.at(-1)!.scores.referenceVoxels, metrics }];
  });
}
