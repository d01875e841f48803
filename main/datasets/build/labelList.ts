import { Problem } from '../../../ml/check/problem.ts';
import type { Label } from '../dataset.ts';
import type { DrawnStructure } from './found.ts';

/** A structure that was asked for: by the name or the code (`SCT:10200004`) that files give it. */
export interface AskedLabel {
  readonly name: string;
  readonly value: number;
}

/** The one list of labels of all cases. */
export interface LabelList {
  /** By rising value, without the background. */
  readonly labels: readonly Label[];
  /** The value of a structure; `undefined` where it is none of the list. */
  valueOf(structure: DrawnStructure): number | undefined;
}

/** Programs write one name in many ways: `Right Kidney`, `right_kidney`. */
const normal = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/gu, ' ')
    .trim();

/**
 * The list that was asked for. Several names may have one value; the first is its name.
 *
 * @throws Problem 'usage' where values do not run from 1 without a gap, or a name is given twice.
 */
export function askedLabels(asked: readonly AskedLabel[]): LabelList {
  const values = new Map(asked.map(({ name, value }) => [normal(name), value]));
  const labels = asked
    .filter(({ value }, n) => asked.findIndex((other) => other.value === value) === n)
    .toSorted((a, b) => a.value - b.value);
  if (values.size < asked.length) throw refused('a structure is given twice');
  if (labels.some(({ value }, n) => value !== n + 1)) throw refused('values must run from 1 without a gap');
  if (values.has('background') || values.has('ignore')) throw refused('background and ignore are no structures');
  return {
    labels,
    valueOf: ({ name, code }) => {
      const names = [name, ...(code ? [code.meaning, `${code.scheme}:${code.value}`] : [])];
      return names.map((one) => values.get(normal(one))).find((value) => value !== undefined);
    },
  };
}

const refused = (what: string) =>
  new Problem('usage', what, '--labels', 'Write for example --labels "liver=1,right kidney=2,left kidney=2".');

/** The list of all names that were found, in the order of their values in the files, then of their names. */
export function foundLabels(structures: readonly DrawnStructure[]): LabelList {
  const lowest = new Map<string, DrawnStructure>();
  for (const structure of structures) {
    const before = lowest.get(normal(structure.name));
    if (before === undefined || before.value > structure.value) lowest.set(normal(structure.name), structure);
  }
  const sorted = [...lowest].toSorted(([a, one], [b, other]) => one.value - other.value || (a < b ? -1 : 1));
  const values = new Map(sorted.map(([name], n) => [name, n + 1]));
  return {
    labels: sorted.map(([, { name }], n) => ({ value: n + 1, name })),
    valueOf: ({ name }) => values.get(normal(name)),
  };
}
