import { Problem } from '../../ml/check/problem.ts';
import type { Structure } from '../../main/contract/segmentations.ts';
import { largestLabel } from './labels.ts';

// Okabe and Ito 2008, "Color Universal Design": told apart by colour-blind eyes. Black is left out.
const palette = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7'] as const;

/** The table and a new structure at its end, with the lowest free label and the next colour. */
export function addStructure(structures: readonly Structure[], name: string): readonly Structure[] {
  const taken = new Set(structures.map(({ value }) => value));
  let value = 1;
  while (taken.has(value)) value++;
  if (value > largestLabel)
    throw tableProblem(`there are ${largestLabel} structures already`, 'Remove one that is not needed.');
  const colour = palette[(value - 1) % palette.length]!;
  return [...structures, { value, name: freeName(structures, name), colour, locked: false }];
}

/** @throws Problem `usage` where the name is empty or another structure's. */
export function renameStructure(structures: readonly Structure[], value: number, name: string): readonly Structure[] {
  const others = structures.filter((structure) => structure.value !== value);
  return change(structures, value, { name: freeName(others, name) });
}

/** @param colour `#rrggbb`. */
export function recolourStructure(
  structures: readonly Structure[],
  value: number,
  colour: string,
): readonly Structure[] {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) throw tableProblem(`"${colour}" is no colour`, 'Write a colour as #rrggbb.');
  return change(structures, value, { colour });
}

export function lockStructure(structures: readonly Structure[], value: number, locked: boolean): readonly Structure[] {
  return change(structures, value, { locked });
}

/** The table without a structure. Its voxels are cleared by `clearStructure`, in the same step of the history. */
export function removeStructure(structures: readonly Structure[], value: number): readonly Structure[] {
  return structures.filter((structure) => structure.value !== value);
}

export const lockedLabels = (structures: readonly Structure[]): ReadonlySet<number> =>
  new Set(structures.filter(({ locked }) => locked).map(({ value }) => value));

function change(structures: readonly Structure[], value: number, changed: Partial<Structure>): readonly Structure[] {
  return structures.map((structure) => (structure.value === value ? { ...structure, ...changed } : structure));
}

function freeName(others: readonly Structure[], name: string): string {
  const trimmed = name.trim();
  if (trimmed === '') throw tableProblem('a structure needs a name', 'Write one.');
  if (others.some((other) => other.name === trimmed))
    throw tableProblem(`there is a structure "${trimmed}" already`, 'Choose another name.');
  return trimmed;
}

const tableProblem = (what: string, remedy: string) => new Problem('usage', what, 'structures', remedy);
