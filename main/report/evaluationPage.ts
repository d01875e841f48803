import { type Metric, meanScores, metrics } from '../../ml/evaluation/caseScores.ts';
import type { CaseScores, StructureSummary } from '../../ml/evaluation/caseSummary.ts';
import type { Comparison } from '../../ml/evaluation/comparison.ts';
import type { Summary } from '../../ml/evaluation/summary.ts';
import type { Interval } from '../../ml/evaluation/bootstrap.ts';
import type { CasePicture, EvaluatedStart, EvaluatedUncertainty, Evaluation } from './evaluation.ts';
import { html, type Markup } from './html.ts';
import { page, shown, table } from './page.ts';
import { reliabilityDiagram, type Strip, stripPlot } from './plot.ts';

/** The evaluation for people: one HTML file. */
export function evaluationPage(evaluation: Evaluation): string {
  const { title, model, cases, warnings, comparison, calibration, seconds } = evaluation;
  return page(
    title,
    html`<h1>${title}</h1>
      <p class="soft">
        ${model}, ${cases.length} ${cases.length === 1 ? 'case' : 'cases'} of ${groups(cases)}
        ${groups(cases) === 1 ? 'person' : 'persons'}${seconds === undefined ? '' : `, ${shown(seconds.mean, 1)} s a case`}.
      </p>
      ${warnings.map((warning) => html`<p class="warning">${warning}</p>`)} ${summarySection(evaluation)}
      ${smallSection(evaluation)} ${comparison === undefined ? [] : [comparisonSection(evaluation, comparison)]}
      ${evaluation.starts === undefined ? [] : [startSection(evaluation.starts)]}
      ${evaluation.uncertainty === undefined ? [] : [uncertaintySection(evaluation.uncertainty)]}
      ${calibration === undefined ? [] : [calibrationSection(calibration, evaluation.temperature)]}
      ${caseSection(evaluation)}`,
  );
}

const groups = (cases: readonly CaseScores[]) => new Set(cases.map(({ group }) => group)).size;

function metricNames({ distanceUnit, tolerance }: Evaluation): Readonly<Record<Metric, string>> {
  return {
    dice: 'Dice',
    iou: 'IoU',
    precision: 'Precision',
    recall: 'Recall',
    accuracy: 'Accuracy',
    hausdorff95: `HD95, ${distanceUnit}`,
    averageSurfaceDistance: `Surface distance, ${distanceUnit}`,
    surfaceDice: `Surface Dice at ${tolerance} ${distanceUnit}`,
  };
}

function summarySection(evaluation: Evaluation): Markup {
  const names = metricNames(evaluation);
  const rows = evaluation.summary.map(({ structure, metrics: of }) => [
    structure,
    ...metrics.map((metric) => summaryCell(of[metric])),
  ]);
  return html`<h2>Over all cases</h2>
    <p class="soft">
      Mean, 95 % bootstrap interval of the mean over persons, standard deviation, median. A distance is missing where
      the prediction or the reference is empty.
    </p>
    ${table(['Structure', ...metrics.map((metric) => names[metric])], rows)}
    <figure>
      ${dicePlot(evaluation)}
      <figcaption>Dice of each case; tick: mean, bar: its 95 % interval.</figcaption>
    </figure>`;
}

function smallSection(evaluation: Evaluation): Markup {
  const { small = [] } = evaluation;
  if (small.length === 0) return html``;
  const names = metricNames(evaluation);
  const rows = small.map(({ structure, largest, metrics: of }) => [
    `${structure}, up to ${largest} voxels`,
    ...metrics.map((metric) => summaryCell(of[metric])),
  ]);
  return html`<h2>Where structures are small</h2>
    <p class="soft">The same over the third of the cases in which the reference of the structure is smallest.</p>
    ${table(['Structure', ...metrics.map((metric) => names[metric])], rows)}`;
}

function summaryCell(summary: Summary | undefined): Markup {
  if (summary === undefined) return html`–`;
  const { mean, interval, standardDeviation, median, missing } = summary;
  return html`${shown(mean)}${intervalOf(interval)}<small>sd ${shown(standardDeviation)}, median ${shown(median)}</small
    >${missing === 0 ? [] : [html`<small>${missing} missing</small>`]}`;
}

const intervalOf = (interval: Interval | undefined): Markup =>
  html`<small>${interval === undefined ? 'no interval' : `${shown(interval.low)} to ${shown(interval.high)}`}</small>`;

function dicePlot({ summary, cases }: Evaluation): Markup {
  const strip = ({ structure, metrics: { dice } }: StructureSummary, index: number): Strip[] => {
    if (dice === undefined) return [];
    const values = cases.map(({ structures }) => (structures[index] ?? meanScores(structures)).dice);
    return [{ name: structure, values, mean: dice.mean, interval: dice.interval }];
  };
  const strips = summary.flatMap(strip);
  const lowest = Math.min(1, ...strips.flatMap(({ values }) => values));
  return stripPlot(strips, floorOf(lowest), 1);
}

/** The last full fifth below the worst case: half a scale of empty paper would hide the differences. */
const floorOf = (lowest: number): number => Math.min(0.8, Math.floor(lowest * 5) / 5);

function comparisonSection(
  evaluation: Evaluation,
  { model, structures }: NonNullable<Evaluation['comparison']>,
): Markup {
  const names = metricNames(evaluation);
  const rows = structures.map(({ structure, metrics: of }) => [
    structure,
    ...metrics.map((metric) => comparisonCell(of[metric])),
  ]);
  return html`<h2>Against ${model}</h2>
    <p class="soft">
      Mean of the paired differences (${evaluation.model} less ${model}), 95 % bootstrap interval over persons, and the
      Wilcoxon signed-rank test over persons.
    </p>
    ${table(['Structure', ...metrics.map((metric) => names[metric])], rows)}`;
}

function comparisonCell(comparison: Comparison | undefined): Markup {
  if (comparison === undefined) return html`–`;
  const { meanDifference, interval, test, missing } = comparison;
  const range = interval === undefined ? 'no interval' : `${signed(interval.low)} to ${signed(interval.high)}`;
  return html`${signed(meanDifference)}<small>${range}</small
    ><small>p ${test.p < 0.001 ? '< 0.001' : `= ${shown(test.p)}`}</small
    >${missing === 0 ? [] : [html`<small>${missing} missing</small>`]}`;
}

function startSection(starts: readonly EvaluatedStart[]): Markup {
  const rows = starts.map(({ start, networkPasses, summary, seconds }) => [
    nameOfStart(start),
    shown(networkPasses, 1),
    summaryCell(summary),
    seconds === undefined ? '–' : `${shown(seconds.mean, 2)} s`,
  ]);
  const strips = starts.map(({ start, dice, summary }): Strip[] =>
    summary ? [{ name: nameOfStart(start), values: dice, mean: summary.mean, interval: summary.interval }] : [],
  );
  const lowest = Math.min(1, ...starts.flatMap(({ dice }) => dice));
  return html`<h2>Where the chain starts</h2>
    <p class="soft">
      Dice and time of a case where only the lower part of the chain is run, from the pre-segmentation.
    </p>
    ${table(['Start', 'Network passes', 'Mean Dice', 'Time'], rows)}
    <figure>${stripPlot(strips.flat(), floorOf(lowest), 1)}</figure>`;
}

const nameOfStart = (start: number): string => (start === 0 ? 'pre-segmentation alone' : String(start));

const signed = (value: number) => `${value < 0 ? '−' : '+'}${shown(Math.abs(value), 4)}`;

function uncertaintySection({ errorDetection, sliceReview, caseReview, samples }: EvaluatedUncertainty): Markup {
  const area = caseReview && html`${shown(caseReview.area)}${intervalOf(caseReview.interval)}`;
  const rows = [
    [
      'Entropy tells wrong voxels from right ones near the boundaries (area under the ROC curve)',
      summaryCell(errorDetection),
    ],
    [
      'The most uncertain slices of a case first (share of its error that is seen, as an area)',
      summaryCell(sliceReview),
    ],
    ['The most uncertain cases first (likewise)', area ?? html`–`],
  ];
  const sampled = samples.map(({ structure, coverage, energyDistance, diversity }) => [
    structure,
    summaryCell(coverage),
    summaryCell(energyDistance),
    summaryCell(diversity),
  ]);
  const head = ['Structure', 'Reference volume in the range', 'Energy distance', 'Diversity of samples'];
  return html`<h2>Uncertainty</h2>
    <p class="soft">0.5 is chance in all of these areas.</p>
    ${table(['', 'Area'], rows)} ${sampled.length === 0 ? [] : [table(head, sampled)]}`;
}

function calibrationSection(
  { error, bins }: NonNullable<Evaluation['calibration']>,
  fitted: Evaluation['temperature'],
): Markup {
  return html`<h2>Calibration</h2>
    <p>Expected calibration error ${shown(error)} near the structures (15 bins).</p>
    <figure>
      ${reliabilityDiagram(bins)}
      <figcaption>Bars that end below the dashed line: too sure.</figcaption>
    </figure>
    ${fitted === undefined ? [] : [temperatureSection(fitted)]}`;
}

function temperatureSection({ temperature, errorAfter, bins }: NonNullable<Evaluation['temperature']>): Markup {
  return html`<p>
      With the temperature ${shown(temperature, 2)}, fitted on these cases and stored with the model:
      ${shown(errorAfter)}.
    </p>
    <figure>
      ${reliabilityDiagram(bins)}
      <figcaption>With the temperature.</figcaption>
    </figure>`;
}

function caseSection(evaluation: Evaluation): Markup {
  const names = metricNames(evaluation);
  const worstFirst = evaluation.cases
    .map((one) => ({ ...one, mean: meanScores(one.structures).dice }))
    .sort((a, b) => a.mean - b.mean);
  const rows = worstFirst.flatMap((one) =>
    one.structures.map((scores, index) => [
      index === 0 ? one.case : '',
      scores.structure.name,
      ...metrics.map((metric) => shown(scores[metric])),
    ]),
  );
  return html`<h2>Cases, the worst first</h2>
    ${(evaluation.pictures ?? []).map(pictureOf)}
    ${table(['Case', 'Structure', ...metrics.map((metric) => names[metric])], rows, [1])}`;
}

const pictureOf = ({ case: name, png }: CasePicture): Markup =>
  html`<figure>
    <img
      alt="Slices of ${name} with the outlines of prediction and reference"
      src="data:image/png;base64,${Buffer.from(png).toString('base64')}"
    />
    <figcaption>${name}: the prediction in colour, the reference as a white line.</figcaption>
  </figure>`;
