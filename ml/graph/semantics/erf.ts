const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

/** Beyond this 1 - erf(x) is less than half a unit in the last place of 1. */
const SATURATED = 6;

/**
 * The error function to float64 accuracy: 2/sqrt(pi) exp(-x^2) times the sum of 2^n x^(2n+1) / (1 3 ... (2n+1)) (NIST Digital
 * Library of Mathematical Functions 7.6.2), whose terms are all of one sign, so nothing cancels.
 */
export function erf(x: number): number {
  if (Math.abs(x) >= SATURATED) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Number.EPSILON * 0.01 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return TWO_OVER_ROOT_PI * expOfMinusSquare(x) * sum;
}

/** exp(-x^2). The high half of x squares exactly, so the rounding of the square is not multiplied by its size. */
function expOfMinusSquare(x: number): number {
  const high = Math.fround(x);
  return Math.exp(-high * high) * Math.exp((high - x) * (high + x));
}
