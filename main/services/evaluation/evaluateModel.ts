import { Problem } from '../../../ml/check/problem.ts';
import { expectedCalibrationError, poolBins, type ReliabilityBin } from '../../../ml/uncertainty/calibration.ts';
import { fitTemperature } from '../../../ml/uncertainty/temperature.ts';
import { loadCase } from '../../datasets/loadCase.ts';
import { giveWay } from '../../jobs/cancellation.ts';
import { createProgress, type ReportProgress } from '../../jobs/progress.ts';
import type { Members } from '../segmentation/members.ts';
import { checkImage } from '../segmentation/checkImage.ts';
import { assemble, commonUnit, compareEvaluated } from './assemble.ts';
import { Contestant, nameOf, type Answer } from './contestant.ts';
import { stream } from '../../../ml/random/stream.ts';
import { WorstCases } from './worstCases.ts';
import { summariseUncertainty } from './uncertainty.ts';
import { matchLabels } from './matchLabels.ts';
import { findSeenCases, type SeenCases } from './seenCases.ts';
import type { Engine } from '../../../ml/engines/engine.ts';
import { meanScores, type Structure } from '../../../ml/evaluation/caseScores.ts';
import type { Grid } from '../../../ml/volume/grid.ts';
import type { Dataset, LabelledCase } from '../../datasets/dataset.ts';
import type { Evaluated, EvaluatedCase, EvaluatedStart, Evaluation } from '../../report/evaluation.ts';

export interface ModelJob {
  readonly dataset: Dataset;
  /** Which part of the data set the cases are, in words. */
  readonly part: string;
  readonly cases: readonly LabelledCase[];
  readonly entry: Members;
  /** What to compare with on the same cases. */
  readonly rival: Members | undefined;
  /** The same model from other starts of its chain, and its direct method, to stand side by side. */
  readonly starts?: readonly Members[];
  /** Fits a temperature to the first model on these cases. */
  readonly calibrate?: boolean;
  readonly engine: Engine;
  /** Evaluates cases that a model was trained on, too, and says so. */
  readonly allowSeen: boolean;
  /** Of the surface Dice, in the cases' unit. */
  readonly tolerance: number;
  /** What may be used; undefined: what is free. */
  readonly memoryMiB: number | undefined;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/**
 * Segments cases with a model and scores them on their own grids, and the same with a second model where there is one. Every case is
 * read and checked before the first is segmented: a broken one must not end hours of work.
 *
 * @throws Problem 'data' where there is no case, a case is bad, or a model was trained on it; 'model' where a model does not fit the
 *   data set; 'memory' where a case does not fit.
 */
export async function evaluateModel(job: ModelJob): Promise<Evaluation> {
  const { dataset, part, cases, entry, rival, starts = [], engine } = job;
  if (cases.length === 0)
    throw new Problem('data', `there is no labelled case in ${part}`, dataset.name, 'Choose another --split.');
  const contestants = [entry, ...(rival ? [rival] : []), ...starts].map((one) => new Contestant(one, engine));
  const matched = contestants.map(({ model }) => matchLabels(dataset, model));
  const seen: SeenCases[] = [];
  for (const { model } of contestants.flatMap(({ members }) => members))
    seen.push(await findSeenCases({ ...job, model }));
  try {
    const { unit, passes } = await checkCases(job, contestants);
    const worst = new WorstCases();
    const answers = await askAll(job, contestants, matched[0]!.structures, passes, worst);
    const unlabelled = matched.flatMap((one) => one.unlabelled).map(({ name }) => name);
    const warnings = [
      ...seen.flatMap((one) => one.warnings),
      ...(unlabelled.length === 0
        ? []
        : [`The data set does not label ${[...new Set(unlabelled)].join(', ')}: not scored.`]),
      ...answers.flat().flatMap((answer) => answer.warnings),
    ];
    return conclude(job, contestants, answers, seen, {
      distanceUnit: unit,
      warnings: [...new Set(warnings)],
      pictures: worst.pictures,
    });
  } finally {
    for (const { segmenter } of contestants) await segmenter.dispose();
  }
}

const memoryOf = ({ memoryMiB }: ModelJob): number => memoryMiB ?? process.availableMemory() / 2 ** 20;

/** Reads every case once, and counts the network passes ahead. */
async function checkCases(
  job: ModelJob,
  contestants: readonly Contestant[],
): Promise<{ readonly unit: Grid['unit']; readonly passes: number }> {
  const grids: { readonly case: string; readonly grid: Grid }[] = [];
  let passes = 0;
  for (const one of job.cases) {
    await giveWay(job.signal);
    const { image } = await loadCase(job.dataset, one);
    for (const { model, segmenter } of contestants) {
      checkImage({ path: one.images.join(', '), volume: image, components: 1, warnings: [] }, model.description);
      passes += await segmenter.countPasses(image.grid, memoryOf(job));
    }
    grids.push({ case: one.id, grid: image.grid });
  }
  return { unit: commonUnit(grids), passes };
}

/** `answers[contestant][case]`. */
async function askAll(
  job: ModelJob,
  contestants: readonly Contestant[],
  structures: readonly Structure[],
  passes: number,
  worst: WorstCases,
): Promise<readonly (readonly Answer[])[]> {
  const { dataset, cases, tolerance, calibrate = false, signal, report } = job;
  const progress = createProgress('Evaluating', passes, report);
  let done = 0;
  const answers = contestants.map((): Answer[] => []);
  for (const one of cases) {
    const voxels = await loadCase(dataset, one);
    for (const [index, contestant] of contestants.entries()) {
      await giveWay(signal);
      const onPass = (): void => {
        signal.throwIfAborted();
        // Where memory got scarce since the passes were counted, windows are smaller and passes more.
        progress(Math.min(++done, passes));
      };
      const task = { voxels, labels: dataset.labels, structures, tolerance, allowedMiB: memoryOf(job), onPass };
      const { answer, draw } = await contestant.answer({ ...task, calibrate: calibrate && index === 0 });
      answers[index]!.push(answer);
      if (index === 0) worst.offer(one.id, answer, draw);
    }
  }
  return answers;
}

function conclude(
  { dataset, part, cases, rival, starts = [], tolerance, seed }: ModelJob,
  contestants: readonly Contestant[],
  answers: readonly (readonly Answer[])[],
  seen: readonly SeenCases[],
  rest: Pick<Evaluation, 'distanceUnit' | 'warnings' | 'pictures'>,
): Evaluation {
  const wasSeen = (group: string): boolean | undefined =>
    seen.some(({ groups }) => groups?.has(group)) ||
    (seen.some(({ groups }) => groups === undefined) ? undefined : false);
  const evaluated = contestants.map((contestant, index): Evaluated => {
    const madeBy = contestant.describe();
    const scored = cases.map(({ id, group }, n): EvaluatedCase => {
      const { structures, seconds } = answers[index]![n]!;
      return { case: id, group, structures, seconds, seen: wasSeen(group) };
    });
    const uncertain = cases.map(({ group }, n) => ({ group, uncertainty: answers[index]![n]!.uncertainty }));
    const uncertainty = summariseUncertainty(uncertain, (purpose) => stream(seed, 'evaluation', purpose));
    return { ...assemble({ model: nameOf(madeBy), madeBy }, scored, seed), uncertainty };
  });
  const first = evaluated[0]!;
  const second = rival && evaluated[1];
  const series = starts.map(([{ settings }], n): EvaluatedStart => {
    const { method, start } = settings;
    const index = evaluated.length - starts.length + n;
    return startFigure(method === 'direct' ? 0 : start, evaluated[index]!, answers[index]!);
  });
  const trials = answers[0]!.flatMap((answer) => (answer.trials ? [answer.trials] : []));
  const bins = answers[0]!.flatMap((answer) => (answer.bins ? [answer.bins] : []));
  return {
    title: `${dataset.name}, ${part}`,
    tolerance,
    ...first,
    ...(second ? { comparison: { ...second, structures: compareEvaluated(first, second, seed) } } : {}),
    ...(series.length > 0 ? { starts: series } : {}),
    ...(bins.length > 0 ? { calibration: calibrationOf(bins) } : {}),
    ...(trials.length > 0 ? { temperature: fitTemperature(trials) } : {}),
    ...rest,
  };
}

function startFigure(
  start: number,
  { cases, summary, seconds }: Evaluated,
  answers: readonly Answer[],
): EvaluatedStart {
  return {
    start,
    networkPasses: answers.reduce((sum, { networkPasses }) => sum + networkPasses, 0) / answers.length,
    dice: cases.map(({ structures }) => meanScores(structures).dice),
    // The last row is the mean over the structures.
    summary: summary.at(-1)?.metrics.dice,
    seconds,
  };
}

function calibrationOf(cases: readonly (readonly ReliabilityBin[])[]): NonNullable<Evaluation['calibration']> {
  const bins = poolBins(cases);
  return { error: expectedCalibrationError(bins), bins };
}
