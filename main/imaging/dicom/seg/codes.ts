import type { Code } from '../../segments.ts';
import type { Dataset } from '../dataset.ts';
import { type Tag, tags } from '../tags.ts';

/** The first code of a code sequence; `null` where there is none that has value, scheme and meaning. */
export function readCode(dataset: Dataset, sequence: Tag): Code | null {
  const item = dataset.items(sequence)[0];
  const value = item?.text(tags.CodeValue) ?? item?.text(tags.LongCodeValue) ?? item?.text(tags.URNCodeValue);
  const meaning = item?.text(tags.CodeMeaning);
  if (value === undefined || meaning === undefined) return null;
  return { value, scheme: item?.text(tags.CodingSchemeDesignator) ?? 'URN', meaning };
}
