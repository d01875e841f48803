import { Problem } from '../../ml/check/problem.ts';
import { fingerprint, summariseCase } from '../../ml/data/fingerprint.ts';
import type { CaseSummary, Fingerprint } from '../../ml/data/fingerprint.ts';
import { giveWay } from '../jobs/cancellation.ts';
import { createProgress } from '../jobs/progress.ts';
import type { ReportProgress } from '../jobs/progress.ts';
import { regionsOf, valuesInFiles, type Dataset, type LabelledCase } from './dataset.ts';
import { loadCase } from './loadCase.ts';

/**
 * The fingerprint of the training cases, of which one at a time is in memory.
 *
 * @throws Problem 'data' for the first case that is bad, and where all labels are empty or units of length differ.
 */
export async function summariseCases(
  dataset: Dataset,
  cases: readonly LabelledCase[],
  signal: AbortSignal,
  report: ReportProgress,
): Promise<Fingerprint> {
  const progress = createProgress('Looking at the images', cases.length, report);
  const summaries: CaseSummary[] = [];
  const regions = regionsOf(dataset.labels);
  for (const entry of cases) {
    await giveWay(signal);
    const { image, label } = await loadCase(dataset, entry);
    const summary = summariseCase(image, label.data, valuesInFiles(dataset.labels).length);
    if (summary.unit !== (summaries[0]?.unit ?? summary.unit)) {
      throw new Problem(
        'data',
        'some images have a size in millimetres and some have none',
        entry.images.join(', '),
        'Give all images their voxel size, or none.',
      );
    }
    summaries.push({ ...summary, classVoxels: regions.map((region) => sumOf(region, summary.classVoxels)) });
    progress(summaries.length);
  }
  const made = fingerprint(
    summaries,
    dataset.channels,
    dataset.labels.map(({ name }) => name),
  );
  if (made.classes.slice(1).every(({ voxels }) => voxels === 0)) {
    throw new Problem(
      'data',
      'the label of every training case is empty',
      dataset.name,
      'Draw the structures in some of the training cases.',
    );
  }
  return made;
}

const sumOf = (places: readonly number[], values: readonly number[]): number =>
  places.reduce((sum, place) => sum + values[place]!, 0);
