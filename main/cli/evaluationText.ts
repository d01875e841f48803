// What `evaluate` says of an evaluation: the page and the files hold the rest.

import { meanScores } from '../../ml/evaluation/caseScores.ts';
import { formatTable } from './table.ts';
import type { Interval } from '../../ml/evaluation/bootstrap.ts';
import type { Evaluation } from '../report/evaluation.ts';

const WORST = 5;

/** The result event of `--json`: metrics.json without what it says of every case. */
export function evaluationEvent(folder: string, evaluation: Evaluation) {
  const { title, model, madeBy, cases, summary, seconds, comparison, calibration } = evaluation;
  const { distanceUnit, tolerance, warnings } = evaluation;
  return {
    folder,
    title,
    model,
    madeBy: madeBy ?? null,
    cases: cases.length,
    persons: new Set(cases.map(({ group }) => group)).size,
    distanceUnit,
    tolerance,
    summary,
    seconds: seconds ?? null,
    calibrationError: calibration?.error ?? null,
    temperature: evaluation.temperature
      ? {
          temperature: evaluation.temperature.temperature,
          errorBefore: evaluation.temperature.errorBefore,
          errorAfter: evaluation.temperature.errorAfter,
        }
      : null,
    comparison: comparison
      ? {
          model: comparison.model,
          madeBy: comparison.madeBy,
          summary: comparison.summary,
          seconds: comparison.seconds ?? null,
          structures: comparison.structures,
        }
      : null,
    uncertainty: evaluation.uncertainty ?? null,
    starts: evaluation.starts ?? null,
    worst: worstCases(evaluation),
    warnings,
  };
}

const worstCases = ({ cases }: Evaluation) =>
  cases.slice(0, WORST).map((one) => ({ case: one.case, dice: meanScores(one.structures).dice }));

export function evaluationText(folder: string, evaluation: Evaluation): string {
  const { title, model, cases, seconds, calibration } = evaluation;
  const persons = new Set(cases.map(({ group }) => group)).size;
  const facts = [
    `${counted(cases.length, 'case')} of ${counted(persons, 'person')}`,
    ...(seconds ? [`${seconds.mean.toFixed(2)} s a case`] : []),
    ...(calibration?.error === undefined ? [] : [`calibration error ${calibration.error.toFixed(3)}`]),
  ];
  const worst = worstCases(evaluation).map((one) => `${one.case} ${one.dice.toFixed(3)}`);
  return [
    `${title}: ${model}`,
    facts.join(', '),
    '',
    summaryTable(evaluation),
    ...comparisonTable(evaluation),
    ...startTable(evaluation),
    ...uncertaintyLines(evaluation),
    ...temperatureLines(evaluation),
    '',
    `worst by mean Dice: ${worst.join(', ')}`,
    `${folder}: metrics.json, metrics.csv, report.html`,
  ].join('\n');
}

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

function summaryTable({ summary, distanceUnit, tolerance }: Evaluation): string {
  const head = [
    'structure',
    'Dice',
    '95 %',
    'sd',
    'median',
    `HD95 ${distanceUnit}`,
    `surface Dice at ${tolerance} ${distanceUnit}`,
  ];
  const rows = summary.map(({ structure, metrics: { dice, hausdorff95, surfaceDice } }) => [
    structure,
    shown(dice?.mean),
    between(dice?.interval),
    shown(dice?.standardDeviation),
    shown(dice?.median),
    shown(hausdorff95?.mean, 2) + (hausdorff95?.missing ? ` (${hausdorff95.missing} missing)` : ''),
    shown(surfaceDice?.mean),
  ]);
  return formatTable([head, ...rows]);
}

function comparisonTable({ comparison }: Evaluation): readonly string[] {
  if (comparison === undefined) return [];
  const { model, seconds, structures, summary } = comparison;
  const rows = structures.map(({ structure, metrics: { dice } }, index) => [
    structure,
    shown(summary[index]?.metrics.dice?.mean),
    shown(dice?.meanDifference, 4),
    between(dice?.interval, 4),
    dice === undefined ? '-' : dice.test.p.toPrecision(2),
  ]);
  const time = seconds ? ` (${seconds.mean.toFixed(2)} s a case)` : '';
  return [
    '',
    `against ${model}${time}`,
    formatTable([['structure', 'its Dice', 'difference', '95 %', 'Wilcoxon p'], ...rows]),
  ];
}

function uncertaintyLines({ uncertainty }: Evaluation): readonly string[] {
  if (uncertainty === undefined) return [];
  const { errorDetection, sliceReview, caseReview, samples } = uncertainty;
  const covered = samples.map(({ structure, coverage }) => `${structure} ${shown(coverage?.mean, 2)}`);
  return [
    '',
    'uncertainty (areas; 0.5 is chance)',
    `  wrong voxels found by entropy: ${shown(errorDetection?.mean)} (${between(errorDetection?.interval)})`,
    `  uncertain slices first: ${shown(sliceReview?.mean)} (${between(sliceReview?.interval)})`,
    `  uncertain cases first: ${shown(caseReview?.area)} (${between(caseReview?.interval)})`,
    ...(covered.length === 0
      ? []
      : [`  reference volume in the range of the samples: ${covered.join(', ')} of the cases`]),
  ];
}

function temperatureLines({ temperature: fitted }: Evaluation): readonly string[] {
  if (fitted === undefined) return [];
  const { temperature, errorBefore, errorAfter } = fitted;
  return [
    '',
    `temperature ${temperature.toFixed(2)}, stored with the model: calibration error ${shown(errorBefore)} before, ${shown(errorAfter)} after`,
  ];
}

function startTable({ starts }: Evaluation): readonly string[] {
  if (starts === undefined) return [];
  const rows = starts.map(({ start, networkPasses, summary, seconds }) => [
    start === 0 ? 'pre-segmentation alone' : String(start),
    networkPasses.toFixed(1),
    shown(summary?.mean),
    between(summary?.interval),
    shown(seconds?.mean, 2),
  ]);
  return ['', formatTable([['start', 'passes', 'Dice', '95 %', 'seconds'], ...rows])];
}

const shown = (value: number | undefined, decimals = 3): string => value?.toFixed(decimals) ?? '-';

const between = (interval: Interval | undefined, decimals = 3): string =>
  interval === undefined ? '-' : `${interval.low.toFixed(decimals)} to ${interval.high.toFixed(decimals)}`;
