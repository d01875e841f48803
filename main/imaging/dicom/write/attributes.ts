import type { representations, WrittenKeyword } from './representations.ts';

type ValueOf<Vr> = Vr extends 'SQ'
  ? readonly Attributes[]
  : Vr extends 'DS' | 'IS' | 'UL' | 'US'
    ? number | readonly number[]
    : string | readonly string[];

/** A data set to be written. An attribute whose value is empty (`''`, `[]`) is written without a value (type 2). */
export type Attributes = { readonly [Word in WrittenKeyword]?: ValueOf<(typeof representations)[Word]> };
