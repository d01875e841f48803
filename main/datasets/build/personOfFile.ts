import { Problem } from '../../../ml/check/problem.ts';
import { groupOf } from '../groupOf.ts';
import type { Patient } from './found.ts';

/**
 * The person of a file that names none: what the pattern finds in its path, else its stem without what `groupOf` takes for a part of a
 * person.
 *
 * @param stem `undefined` for a DICOM file, whose name says nothing.
 * @throws Problem 'usage' where the pattern finds nothing, 'data' where there is neither pattern nor stem.
 */
export function personOfFile(stem: string | undefined, path: string, pattern: string | undefined): Patient {
  if (pattern === undefined && stem === undefined) {
    const remedy = 'Give a pattern that finds the patient in the paths of files: --group-by.';
    throw new Problem('data', 'the patient has no number (0010,0020)', path, remedy);
  }
  const person = groupOf(pattern === undefined ? stem! : path, pattern);
  return { key: person, identifiers: [person] };
}
