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

const rows: readonly { readonly metric: Metric; readonly name: string; readonly digits: number }[] = [
  { metric: 'dice', name: 'Dice', digits: 4 },
  { metric: 'hausdorff95', name: 'HD95, mm', digits: 2 },
  { metric: 'averageSurfaceDistance', name: 'ASD, mm', digits: 2 },
];

/** Markdown for people: what the model is for, how good it is on people it has not seen, how it fails. */
export function modelCard(model: Omit<ModelDescription, 'files'>, figures: readonly Figure[]): string {
  const { name, version, task, licence, training, plan, labels } = model;
  const structures = labels.slice(1).map(({ value, name: label }) => `${value} ${label}`);
  const runs = training.runs.map(
    ({ network, steps, seconds, seed }) =>
      `${network}: ${steps} steps in ${Math.round(seconds / 60)} min, seed ${seed}`,
  );
  return `# ${name} ${version}

${task} **Not for clinical use.**

- Structures: ${structures.join(', ')}.
- Input: one T1-weighted MR volume cropped around one hippocampus (31-43 x 40-59 x 24-47 voxels of 1 mm in training), any orientation.
- Networks: a direct U-Net and its recycling-diffusion twin (Fu et al. 2023, MELBA 2023:016), float16 weights. Recommended: the mean of both, 8 samples of 5 DDIM steps.
- Grid: ${plan.spacing.join(' x ')} ${plan.unit}, windows of ${plan.patch.join(' x ')} voxels; each image brought to mean 0 and deviation 1.
- Data: ${training.dataset.name} (Vanderbilt University Medical Center; Simpson et al. 2019, arXiv:1902.09063), ${training.dataset.licence}; ${training.cases} volumes to train, patients kept apart. The weights are passed on under ${licence} as an adaptation of those data.
- Training: ${runs.join('; ')}; ${training.machine}.

## Figures

On the test people, whom no training and no choice has seen. Mean and 95 % bootstrap interval over people; the deviation is over volumes.
Printed by \`node --import tsx build/models/hippocampus.ts DATA RUNS\`.

${table(figures)}

## Limits

- Trained on one hospital's adults (healthy and with non-affective psychotic disorder) and one cropping; elsewhere it may fail without a sign.
- It finds one hippocampus in a crop, not both in a head.
- Its samples differ mostly along the boundary; a structure that is missed in every sample is not marked as uncertain.
`;
}

function table(figures: readonly Figure[]): string {
  const header = ['Method', 'Structure', ...rows.map(({ name }) => name), 'Dice deviation'];
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
