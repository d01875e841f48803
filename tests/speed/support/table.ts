import type { Measurement } from './measure.ts';

const significant = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** The measurements as aligned columns, one a line. */
export function table(measurements: readonly Measurement[]): string {
  const header = ['name', 'ours', 'theirs', 'unit', 'ratio', 'runs', 'against'];
  const rows = measurements.map((line) => [
    line.name,
    significant(line.ours),
    significant(line.theirs),
    line.unit,
    line.ratio.toFixed(2),
    String(line.runs),
    line.against,
  ]);
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
