import { Problem } from '../../ml/check/problem.ts';

const mostFiles = 100_000;

/**
 * The data files that a NRRD or MetaImage header names: one name; `LIST`, with names on the following lines; or a pattern,
 * first, last and step, `%03d.raw 1 10 1`.
 *
 * @throws Problem `data` where they are none, or absurdly many.
 */
export function dataFileNames(value: string, list: readonly string[], path: string): readonly string[] {
  if (isList(value)) {
    if (list.length === 0 || list.length > mostFiles) throw absurd(`a list of ${list.length} data files`, path);
    return list;
  }
  const [, pattern, first, last, step] = /^(.*%0?\d*d\S*)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)(?:\s+\d+)?$/.exec(value) ?? [];
  if (pattern === undefined) return [value];
  const [from, to, by] = [Number(first), Number(last), Number(step)];
  const count = Math.floor((to - from) / by) + 1;
  if (!(count >= 1 && count <= mostFiles)) throw absurd(`data files "${value}"`, path);
  return Array.from({ length: count }, (_, n) => numbered(pattern, from + n * by));
}

export const isList = (value: string) => /^LIST(\s|$)/.test(value);

/** The only conversions of printf that make sense in a file name. */
const numbered = (pattern: string, number: number) =>
  pattern.replace(/%(0?)(\d*)d/, (_, zero: string, width: string) =>
    String(number).padStart(Math.min(20, Number(width)), zero === '' ? ' ' : '0'),
  );

const absurd = (what: string, path: string) =>
  new Problem('data', `the header names ${what}`, path, 'Get the file again from its source.');
