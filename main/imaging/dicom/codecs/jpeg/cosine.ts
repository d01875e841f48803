/** Row u, column x: the factor of coefficient u in sample x (ITU-T T.81 section A.3.3). */
const basis = Float64Array.from({ length: 64 }, (_, index) => {
  const [u, x] = [index >> 3, index & 7];
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

const rows = new Float64Array(64);

/**
 * The inverse cosine transform of a block.
 *
 * @param coefficients 64, row-major, of `quantisation` units each.
 * @param block        Takes the 64 samples, without their level shift.
 */
export function inverseCosine(coefficients: Int32Array, quantisation: Float64Array, block: Float64Array): void {
  rows.fill(0);
  for (let v = 0; v < 8; v++)
    for (let u = 0; u < 8; u++) {
      const value = coefficients[v * 8 + u]! * quantisation[v * 8 + u]!;
      if (value !== 0) for (let x = 0; x < 8; x++) rows[v * 8 + x]! += value * basis[u * 8 + x]!;
    }
  block.fill(0);
  for (let v = 0; v < 8; v++)
    for (let y = 0; y < 8; y++) {
      const factor = basis[v * 8 + y]!;
      for (let x = 0; x < 8; x++) block[y * 8 + x]! += factor * rows[v * 8 + x]!;
    }
}
