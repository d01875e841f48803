/** Above this many pairs the exact distribution is replaced by its normal approximation. */
const largestExact = 50;

export interface SignedRankTest {
  /** Pairs that differ; equal pairs say nothing (Wilcoxon 1945) and are left out. */
  readonly pairs: number;
  /** Sum of the ranks of the positive differences. */
  readonly positiveRanks: number;
  /** Two-sided, in [0, 1]. */
  readonly p: number;
  readonly method: 'exact' | 'normal approximation';
}

/**
 * Wilcoxon signed-rank test of paired differences against symmetry around 0. Equal sizes share their mean rank. Exact (all sign
 * patterns of the ranks at hand, so ties stay exact) up to 50 pairs, above that normal with the variance corrected for ties and
 * no continuity correction, as `scipy.stats.wilcoxon(method='asymptotic')`.
 */
export function signedRankTest(differences: readonly number[]): SignedRankTest {
  const ranked = doubledRanks(differences.filter((difference) => difference !== 0));
  const doubled = ranked.reduce((sum, { difference, rank }) => sum + (difference > 0 ? rank : 0), 0);
  const ranks = ranked.map(({ rank }) => rank);
  const exact = ranks.length <= largestExact;
  return {
    pairs: ranks.length,
    positiveRanks: doubled / 2,
    p: exact ? exactProbability(ranks, doubled) : normalProbability(ranks, doubled / 2),
    method: exact ? 'exact' : 'normal approximation',
  };
}

/** Twice the mean rank by size: whole numbers even for ties. */
function doubledRanks(differences: readonly number[]): { difference: number; rank: number }[] {
  const sizes = differences.map(Math.abs).sort((a, b) => a - b);
  return differences.map((difference) => {
    const size = Math.abs(difference);
    return { difference, rank: sizes.indexOf(size) + sizes.lastIndexOf(size) + 2 };
  });
}

function exactProbability(ranks: readonly number[], observed: number): number {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  let chances = new Float64Array(total + 1);
  chances[0] = 1;
  for (const rank of ranks) {
    chances = chances.map((chance, sum) => (chance + (sum >= rank ? chances[sum - rank]! : 0)) / 2);
  }
  const sum = (from: number, to: number) => chances.subarray(from, to).reduce((a, b) => a + b, 0);
  return Math.min(1, 2 * Math.min(sum(0, observed + 1), sum(observed, total + 1)));
}

function normalProbability(ranks: readonly number[], observed: number): number {
  const mean = ranks.reduce((sum, rank) => sum + rank, 0) / 4;
  // The sum of squared mean ranks over 4 is n(n+1)(2n+1)/24 less its tie correction.
  const variance = ranks.reduce((sum, rank) => sum + (rank / 2) ** 2, 0) / 4;
  return complementaryError(Math.abs(observed - mean) / Math.sqrt(2 * variance));
}

/** Complementary error function for `x >= 0`, relative error below 1.2e-7 (Press et al., Numerical Recipes, 2nd edition, section 6.2). */
function complementaryError(x: number): number {
  const t = 1 / (1 + x / 2);
  const coefficients = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
    -1.26551223,
  ];
  return t * Math.exp(-x * x + coefficients.reduce((sum, coefficient) => sum * t + coefficient, 0));
}
