/** Longest DS value, in characters (PS3.5 table 6.2-1). */
const longest = 16;

/** A finite number as the DS text of at most 16 characters that is nearest to it. */
export function decimalText(value: number): string {
  const shortest = String(value);
  if (shortest.length <= longest) return shortest;
  for (let digits = 15; digits > 0; digits--) {
    // Number() drops the zeros that toPrecision ends with.
    const text = [value.toPrecision(digits), String(Number(value.toPrecision(digits)))].find(
      (candidate) => candidate.length <= longest && Number.isFinite(Number(candidate)),
    );
    if (text !== undefined) return text;
  }
  return '0';
}
