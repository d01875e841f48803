import { shuffle } from '../../../ml/random/shuffle.ts';
import { stream } from '../../../ml/random/stream.ts';
import { TEST_FRACTION, VALIDATION_FRACTION } from '../splitCases.ts';

/** The cases of one person. */
export interface Group {
  readonly name: string;
  readonly cases: number;
  /** For each structure, in how many of the cases it is. */
  readonly structures: readonly number[];
}

export type Part = 'train' | 'validation' | 'test';

/**
 * Divides whole groups so that each part gets its share of the cases and of each structure: iterative stratification (Sechidis et al., "On
 * the Stratification of Multi-Label Data", ECML 2011), where the rarest structure that is left goes first, each time to the part that lacks
 * most of it. The same seed and groups give the same parts.
 *
 * @returns By group.
 */
export function balance(groups: readonly Group[], seed: number): ReadonlyMap<string, Part> {
  const parts = new Parts(groups);
  const byName = groups.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  let left: readonly Group[] = shuffle(byName, stream(seed, 'split'));
  while (left.length > 0) {
    const rarest = rarestOf(left);
    const chosen = largest(rarest === undefined ? left : left.filter(({ structures }) => structures[rarest]! > 0));
    parts.take(chosen, rarest);
    left = left.filter((group) => group !== chosen);
  }
  return parts.taken;
}

/** The structure that the fewest groups have; `undefined` where none has any. */
function rarestOf(groups: readonly Group[]): number | undefined {
  const counts = (groups[0]?.structures ?? []).map((_, n) => groups.filter((one) => one.structures[n]! > 0).length);
  const fewest = Math.min(...counts.filter((count) => count > 0));
  const found = counts.indexOf(fewest);
  return found < 0 ? undefined : found;
}

/** Large groups first: what is left is then small enough to even out. The first of equals stays as drawn. */
const largest = (groups: readonly Group[]): Group => groups.reduce((a, b) => (b.cases > a.cases ? b : a));

class Parts {
  readonly taken = new Map<string, Part>();
  readonly #wanted: Readonly<Record<Part, { groups: number; cases: number; structures: number[] }>>;

  constructor(groups: readonly Group[]) {
    const total = groups.length;
    const test = total < 3 ? 0 : Math.max(1, Math.round(TEST_FRACTION * total));
    const validation = total < 2 ? 0 : Math.max(1, Math.round(VALIDATION_FRACTION * total));
    const share = (count: number) => {
      const sum = (of: (group: Group) => number) => (groups.reduce((all, one) => all + of(one), 0) * count) / total;
      const structures = (groups[0]?.structures ?? []).map((_, n) => sum((group) => group.structures[n]!));
      return { groups: count, cases: sum(({ cases }) => cases), structures };
    };
    this.#wanted = { train: share(total - test - validation), validation: share(validation), test: share(test) };
  }

  take(group: Group, structure: number | undefined): void {
    const names = (['train', 'validation', 'test'] as const).filter((name) => this.#wanted[name].groups > 0);
    const need = (name: Part) => {
      const { cases, structures } = this.#wanted[name];
      return structure === undefined ? [cases] : [structures[structure]!, cases];
    };
    const part = names.reduce((a, b) => (isMore(need(b), need(a)) ? b : a));
    const wanted = this.#wanted[part];
    wanted.groups--;
    wanted.cases -= group.cases;
    wanted.structures = wanted.structures.map((count, n) => count - group.structures[n]!);
    this.taken.set(group.name, part);
  }
}

/** The first difference decides. */
function isMore(a: readonly number[], b: readonly number[]): boolean {
  const n = a.findIndex((value, at) => Math.abs(value - b[at]!) > 1e-9);
  return n >= 0 && a[n]! > b[n]!;
}
