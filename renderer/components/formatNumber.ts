/** A value as people read it: at most four significant digits, no exponent where it can be helped. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return value.toString();
  const size = Math.abs(value);
  if (size >= 1000) return value.toFixed(0);
  return size >= 0.001 || size === 0 ? Number(value.toPrecision(4)).toString() : value.toPrecision(3);
}
