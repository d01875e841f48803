import { quantile } from '../../../ml/statistics/quantile.ts';
import type { CaseFacts } from './facts.ts';
import type { Finding } from './finding.ts';

/** Fewer cases do not tell what is usual. */
const fewestCases = 5;
/** Times larger or smaller than usual. */
const unusualSpacing = 2;
const unusualRange = 5;

/** What only shows when cases are seen beside one another. @param parts Of the split, by case. */
export function compareCases(
  cases: readonly CaseFacts[],
  channels: readonly string[],
  parts: ReadonlyMap<string, string>,
): readonly Finding[] {
  return [
    ...duplicateImages(cases, parts),
    ...duplicateLabels(cases),
    ...(cases.length < fewestCases ? [] : [...unusualSpacings(cases), ...unusualIntensities(cases, channels)]),
  ];
}

function duplicateImages(cases: readonly CaseFacts[], parts: ReadonlyMap<string, string>): readonly Finding[] {
  return alike(cases, ({ hashes }) => hashes.join(' ')).map((same) => {
    const ids = same.map(({ id }) => id);
    const sides = new Set(ids.flatMap((id) => parts.get(id) ?? []));
    const across = sides.size > 1 ? `, and they are in ${[...sides].join(' and ')}` : '';
    const remedy = 'Keep one of them: a copy counts twice, and in two parts of a split it falsifies the score.';
    return { severity: 'error', cases: ids, what: `the images are the same, voxel for voxel${across}`, remedy };
  });
}

function duplicateLabels(cases: readonly CaseFacts[]): readonly Finding[] {
  const drawn = cases.filter(({ labelHash }) => labelHash !== undefined);
  return alike(drawn, ({ labelHash }) => labelHash!)
    .filter((same) => new Set(same.map(({ hashes }) => hashes.join(' '))).size > 1)
    .map((same) => {
      const remedy = 'Check which image it was drawn on.';
      const what = 'the labels of different images are the same, voxel for voxel';
      return { severity: 'warning', cases: same.map(({ id }) => id), what, remedy };
    });
}

function alike(cases: readonly CaseFacts[], key: (facts: CaseFacts) => string): readonly (readonly CaseFacts[])[] {
  const groups = new Map<string, CaseFacts[]>();
  for (const facts of cases) groups.set(key(facts), [...(groups.get(key(facts)) ?? []), facts]);
  return [...groups.values()].filter(({ length }) => length > 1);
}

const median = (values: readonly number[]): number => quantile(Float64Array.from(values).sort(), 0.5);

const short = (value: number): string => String(Number(value.toPrecision(4)));

function unusualSpacings(cases: readonly CaseFacts[]): readonly Finding[] {
  const usual = [0, 1, 2].map((axis) => median(cases.map(({ spacing }) => spacing[axis]!)));
  return cases
    .filter(({ spacing }) =>
      spacing.some((side, axis) => Math.abs(Math.log(side / usual[axis]!)) > Math.log(unusualSpacing)),
    )
    .map(({ id, spacing }) => {
      const what = `voxels of ${spacing.map(short).join(' x ')} where ${usual.map(short).join(' x ')} is usual`;
      const remedy = 'Check that it is the series you meant, and that its spacing is right.';
      return { severity: 'warning', cases: [id], what, remedy };
    });
}

function unusualIntensities(cases: readonly CaseFacts[], channels: readonly string[]): readonly Finding[] {
  return channels.flatMap((channel, c) => {
    const own = cases.map(({ intensities }) => intensities[c]!);
    const [middle, range] = [median(own.map((one) => one.median)), median(own.map((one) => one.range))];
    return cases.flatMap(({ id }, n): Finding[] => {
      const { median: value, range: width } = own[n]!;
      const isShifted = Math.abs(value - middle) > 2 * Math.max(range, width);
      const isScaled = Math.abs(Math.log(width / range)) > Math.log(unusualRange);
      if (!isShifted && !isScaled) return [];
      const what = `values of ${channel} around ${short(value)}, ${short(width)} wide, where ${short(middle)}, ${short(range)} wide, is usual`;
      const remedy = 'Check units, rescaling and which sequence it is.';
      return [{ severity: 'warning', cases: [id], what, remedy }];
    });
  });
}
