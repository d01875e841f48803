import type { Structure } from '../../../ml/evaluation/caseScores.ts';
import { summarise } from '../../../ml/evaluation/summary.ts';
import type { Rng } from '../../../ml/random/rng.ts';
import { energyDistance, meanDistance } from '../../../ml/uncertainty/energyDistance.ts';
import { errorDetection } from '../../../ml/uncertainty/errorDetection.ts';
import { boundaryBand } from '../../../ml/uncertainty/region.ts';
import { reviewArea, reviewInterval, type Reviewable } from '../../../ml/uncertainty/reviewOrder.ts';
import { sliceAxis, sliceScores } from '../../../ml/uncertainty/sliceRanking.ts';
import { volumeRange, voxelSize } from '../../../ml/uncertainty/volumeRange.ts';
import type { Grid } from '../../../ml/volume/grid.ts';
import type { EvaluatedUncertainty } from '../../report/evaluation.ts';
import type { Segmentation } from '../segmentation/segmenter.ts';

/** What one case says of how far its uncertainty can be trusted. */
export interface CaseUncertainty {
  /** Area under the ROC curve of entropy for wrong voxels in the band around the reference's boundaries. */
  readonly errorDetection: number | undefined;
  /** `reviewArea` of the case's slices by their entropy. */
  readonly sliceReview: number | undefined;
  /** The case among others: its mean entropy in the band around its own boundaries, and what its mean Dice lacks to 1. */
  readonly review: Reviewable;
  /** One a structure; empty where there is one sample only. */
  readonly samples: readonly SampledStructure[];
}

interface SampledStructure {
  readonly structure: Structure;
  /** 1 where the reference's volume lies in the range of the samples, else 0. */
  readonly covered: number;
  /** Squared generalised energy distance to the reference. */
  readonly energyDistance: number;
  /** Mean 1 - IoU between two samples. */
  readonly diversity: number;
}

/**
 * @param reference Class indices `[k, j, i]` of the model, on the image's grid.
 * @param structures In the order of the model's classes, without the background.
 * @param error      1 less the mean Dice.
 */
export function measureUncertainty(
  { classes, entropy, classVoxels, samples }: Segmentation,
  reference: Uint8Array,
  grid: Grid,
  structures: readonly Structure[],
  error: number,
): CaseUncertainty {
  const band = boundaryBand(classes, grid);
  const wrong = Float32Array.from(classes, (found, v) => (found === reference[v] ? 0 : 1));
  const axis = sliceAxis(grid);
  const errors = sliceScores(new Uint8Array(wrong.length).fill(1), wrong, grid, axis);
  const scores = sliceScores(band, entropy, grid, axis);
  const inBand = band.reduce((total, inside) => total + inside, 0);
  return {
    errorDetection: errorDetection(entropy, classes, reference, boundaryBand(reference, grid)),
    sliceReview: reviewArea(Array.from(scores, (score, n) => ({ score, error: errors[n]! }))),
    review: { score: inBand === 0 ? 0 : scores.reduce((total, score) => total + score, 0) / inBand, error },
    samples: samples.length < 2 ? [] : structures.map((structure, n) => sampled(structure, n + 1)),
  };

  function sampled(structure: Structure, place: number): SampledStructure {
    const { low, high } = volumeRange(classVoxels[place]!, grid);
    const volume = reference.reduce((count, found) => count + (found === place ? 1 : 0), 0) * voxelSize(grid).size;
    return {
      structure,
      covered: low <= volume && volume <= high ? 1 : 0,
      energyDistance: energyDistance(samples, [reference], place),
      diversity: meanDistance(samples, samples, place),
    };
  }
}

/** All cases together; undefined where none can be measured. */
export function summariseUncertainty(
  cases: readonly { readonly group: string; readonly uncertainty: CaseUncertainty | undefined }[],
  rngOf: (purpose: string) => Rng,
): EvaluatedUncertainty | undefined {
  const measured = cases.flatMap(({ group, uncertainty }) => (uncertainty ? [{ group, ...uncertainty }] : []));
  const [first] = measured;
  if (first === undefined) return undefined;
  const over = (value: (one: (typeof measured)[number]) => number | undefined, purpose: string) =>
    summarise(
      measured.map((one) => ({ group: one.group, value: value(one) })),
      rngOf(purpose),
    );
  const review = measured.map(({ group, review: item }) => ({ group, ...item }));
  const area = reviewArea(review);
  return {
    errorDetection: over((one) => one.errorDetection, 'error detection'),
    sliceReview: over((one) => one.sliceReview, 'slices'),
    caseReview: area === undefined ? undefined : { area, interval: reviewInterval(review, rngOf('review')) },
    samples: first.samples.map(({ structure }, n) => ({
      structure: structure.name,
      coverage: over((one) => one.samples[n]?.covered, 'coverage'),
      energyDistance: over((one) => one.samples[n]?.energyDistance, 'energy distance'),
      diversity: over((one) => one.samples[n]?.diversity, 'diversity'),
    })),
  };
}
