import { patternsOf, type Pattern } from './patterns.ts';

const MOST_ROUNDS = 100;
/** Rounds end when no entry of a confusion matrix changes by more. */
const CONVERGED = 1e-6;

/**
 * Simultaneous truth and performance level estimation (Warfield, Zou and Wells 2004, section IV: unordered categories): the most likely true
 * class of each voxel, and with it how each sample confuses classes, by expectation maximisation. The prior of a class is its share of all
 * votes; confusion starts from the majority's view.
 *
 * @param samples Class indices `[k, j, i]`.
 */
export function staple(samples: readonly Uint8Array[], classes: number): Uint8Array {
  const { patterns, placeOf } = patternsOf(samples);
  const prior = priorOf(patterns, classes);
  let weights = patterns.map(({ labels }) => votesOf(labels, classes));
  let confusion = confusionOf(patterns, weights, classes);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    weights = patterns.map(({ labels }) => posterior(labels, prior, confusion));
    const next = confusionOf(patterns, weights, classes);
    const change = Math.max(...next.map((matrix, n) => largestChange(matrix, confusion[n]!)));
    confusion = next;
    if (change < CONVERGED) break;
  }
  const winners = Uint8Array.from(patterns, ({ labels }) => largest(posterior(labels, prior, confusion)));
  return Uint8Array.from(placeOf, (place) => winners[place]!);
}

function priorOf(patterns: readonly Pattern[], classes: number): Float64Array {
  const prior = new Float64Array(classes);
  for (const { labels, voxels } of patterns) for (const label of labels) prior[label]! += voxels;
  const total = prior.reduce((sum, votes) => sum + votes, 0);
  return prior.map((votes) => votes / total);
}

/** Share of the votes. */
function votesOf(labels: readonly number[], classes: number): Float64Array {
  const votes = new Float64Array(classes);
  for (const label of labels) votes[label]! += 1 / labels.length;
  return votes;
}

/** For each sample the probability of saying `said` where `truth` is: at `said * classes + truth`. Equation 23. */
function confusionOf(patterns: readonly Pattern[], weights: readonly Float64Array[], classes: number): Float64Array[] {
  const samples = patterns[0]?.labels.length ?? 0;
  return Array.from({ length: samples }, (_, sample) => {
    const matrix = new Float64Array(classes * classes);
    const totals = new Float64Array(classes);
    patterns.forEach(({ labels, voxels }, n) => {
      for (let truth = 0; truth < classes; truth++) {
        const share = voxels * weights[n]![truth]!;
        matrix[labels[sample]! * classes + truth]! += share;
        totals[truth]! += share;
      }
    });
    return matrix.map((sum, at) => (totals[at % classes]! > 0 ? sum / totals[at % classes]! : 0));
  });
}

/** Probability of each true class, given what the samples say. Equation 22. */
function posterior(labels: readonly number[], prior: Float64Array, confusion: readonly Float64Array[]): Float64Array {
  const classes = prior.length;
  const likelihood = prior.map((share, truth) =>
    labels.reduce((product, said, sample) => product * confusion[sample]![said * classes + truth]!, share),
  );
  const total = likelihood.reduce((sum, value) => sum + value, 0);
  return total > 0 ? likelihood.map((value) => value / total) : votesOf(labels, classes);
}

const largestChange = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, n) => Math.max(most, Math.abs(value - b[n]!)), 0);

const largest = (values: Float64Array): number =>
  values.reduce((best, value, n) => (value > values[best]! ? n : best), 0);
