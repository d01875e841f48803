import type { Recipe } from './recipe.ts';
import type { Metric } from '../../ml/evaluation/caseScores.ts';
import type { Evaluation } from '../../main/report/evaluation.ts';
import type { ModelDescription } from '../../main/services/models/description.ts';

export type Score = ModelDescription['training']['scores'][number];

/** The model on the test people by one method. */
export interface Figure {
  readonly evaluation: Evaluation;
  /** Its Dice, as model.json keeps it. */
  readonly scores: readonly Score[];
}

interface Row {
  readonly metric: Metric;
  readonly name: string;
  readonly digits: number;
  readonly isLength: boolean;
}

const rows: readonly Row[] = [
  { metric: 'dice', name: 'Dice', digits: 4, isLength: false },
  { metric: 'hausdorff95', name: 'HD95', digits: 2, isLength: true },
  { metric: 'averageSurfaceDistance', name: 'ASD', digits: 2, isLength: true },
];

type Normalisation = ModelDescription['plan']['normalisation'][number];

const ways: Readonly<Record<Normalisation['kind'], string>> = {
  zscore: 'each image brought to mean 0 and deviation 1',
  clipZscore: 'clipped to the percentiles of the training images and scaled by their deviation',
};

const normalisations = (all: readonly Normalisation[]): string =>
  [...new Set(all.map(({ kind }) => ways[kind]))].join('; ');

/** Markdown for people: what the model is for, how good it is on people it has not seen, how it fails. */
export function modelCard(recipe: Recipe, model: Omit<ModelDescription, 'files'>, figures: readonly Figure[]): string {
  const { name, version, task, licence, training, plan, labels } = model;
  const structures = labels.slice(1).map(({ value, name: label }) => `${value} ${label}`);
  const runs = training.runs.map(
    ({ network, steps, seconds, seed }) =>
      `${network}: ${steps} steps in ${Math.round(seconds / 60)} min, seed ${seed}`,
  );
  return `# ${name} ${version}

${task} **Not for clinical use.**

- Structures: ${structures.join(', ')}.
- Input: ${recipe.input}.
- Networks: a direct U-Net and its recycling-diffusion twin (Fu et al. 2023, MELBA 2023:016), float16 weights. Recommended: the mean of both, 8 samples of 5 DDIM steps.
- Grid: ${plan.spacing.join(' x ')} ${plan.unit}, windows of ${plan.patch.join(' x ')} voxels; ${normalisations(plan.normalisation)}.
- Data: ${training.dataset.name} (${recipe.dataset.credit}), ${training.dataset.licence}; ${training.cases} images to train, patients kept apart. The weights are passed on under ${licence} as an adaptation of those data.
- Training: ${runs.join('; ')}; ${training.machine}.

## Figures

On the test people, whom no training and no choice has seen. Mean and 95 % bootstrap interval over people; the deviation is over images.
Printed by \`node --import tsx build/models/ship.ts ${name} DATA RUNS\`.

${table(figures, plan.unit)}

## Limits

${recipe.limits.map((limit) => `- ${limit}`).join('\n')}
`;
}

function table(figures: readonly Figure[], unit: string): string {
  const names = rows.map(({ name, isLength }) => (isLength ? `${name}, ${unit}` : name));
  const header = ['Method', 'Structure', ...names, 'Dice deviation'];
  const lines = figures.flatMap(({ evaluation, scores }) =>
    evaluation.summary.map(({ structure, metrics }) => {
      const cells = rows.map(({ metric, digits }) => {
        const summary = metrics[metric];
        if (!summary) return 'none';
        const { mean, interval } = summary;
        const range = interval ? ` (${interval.low.toFixed(digits)}-${interval.high.toFixed(digits)})` : '';
        return `${mean.toFixed(digits)}${range}`;
      });
      const label = scores[0] ? `${scores[0].method}${scores[0].metric.replace('dice', '')}` : evaluation.model;
      return [label, structure, ...cells, metrics.dice?.standardDeviation?.toFixed(4) ?? ''];
    }),
  );
  return [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
