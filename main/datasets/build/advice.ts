import type { Vector3 } from '../../../ml/volume/grid.ts';
import type { Label } from '../dataset.ts';

/** What is remembered of a case that was built. */
export interface BuiltCase {
  readonly patient: string;
  /** What its sources call the channels. */
  readonly names: readonly string[];
  readonly units: readonly (string | null)[];
  /** Of the labels that are drawn in it. */
  readonly values: ReadonlySet<number>;
  readonly spacing: Vector3;
  readonly notes: readonly string[];
}

/** What a person should think about before training on the cases, in sentences. */
export function adviceOn(
  cases: readonly BuiltCase[],
  labels: readonly Label[],
  channels: readonly string[],
): readonly string[] {
  return [
    ...labels.flatMap((label) => missingLabel(label, cases)),
    ...channels.flatMap((channel, n) => mixedUnits(channel, n, cases)),
    ...(cases.length > 2 && new Set(cases.map(({ patient }) => patient)).size === 1
      ? ['all cases are of one patient: if that is not so, their numbers were made equal; give --group-by']
      : []),
  ];
}

function missingLabel({ name, value }: Label, cases: readonly BuiltCase[]): readonly string[] {
  const without = cases.filter(({ values }) => !values.has(value)).length;
  if (without === 0) return [];
  return [`${name} is not drawn in ${without} of ${cases.length} cases, where a network learns that it is not there`];
}

function mixedUnits(channel: string, n: number, cases: readonly BuiltCase[]): readonly string[] {
  const units = [...new Set(cases.map((one) => one.units[n] ?? 'no known unit'))];
  return units.length < 2 ? [] : [`the values of ${channel} are in ${units.join(', ')}: they do not compare`];
}
