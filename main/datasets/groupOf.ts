import { Problem } from '../../ml/check/problem.ts';

/** Ends of a name that tell apart images of one person: frame, time point, visit, session, scan, slice, or side. */
const partOfPerson = /(?:[_-](?:frame|time|visit|session|ses|scan|slice|left|right|l|r)[_-]?\d*)+$/i;

/**
 * The person a case belongs to, told from its id: by default the id without such ends as `_frame01`, `_ses-2` or `_left`; or what
 * a pattern finds in it, its first group if it has one (`^(patient\d+)`).
 *
 * @throws Problem 'usage' where the pattern is none or does not match.
 */
export function groupOf(id: string, pattern: string | undefined): string {
  if (pattern === undefined) return id.replace(partOfPerson, '') || id;
  const match = compile(pattern).exec(id);
  const group = match?.[1] ?? match?.[0];
  if (group === undefined || group === '') {
    throw new Problem(
      'usage',
      `the pattern finds no group in ${id}`,
      `group by ${pattern}`,
      'Use a pattern that matches every case.',
    );
  }
  return group;
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch (cause) {
    throw new Problem(
      'usage',
      'this is not a regular expression',
      `group by ${pattern}`,
      'Write one such as ^(patient\\d+).',
      { cause },
    );
  }
}
