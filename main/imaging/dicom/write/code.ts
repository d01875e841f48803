import type { Code } from '../../segments.ts';
import type { Attributes } from './attributes.ts';
import { shortText } from './shortText.ts';

/** One item of a code sequence (PS3.3 section 8.8). */
export const codeItem = ({ value, scheme, meaning }: Code): Attributes => ({
  CodeValue: value,
  CodingSchemeDesignator: scheme,
  CodeMeaning: shortText(meaning),
});
