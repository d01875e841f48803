import type { Dataset } from '../dataset.ts';
import { dummyWord } from './dummy.ts';
import { type Tag, tags } from '../tags.ts';

/** Shorter words stand in too many places that have nothing to do with the person. */
const shortest = 4;

/**
 * Elements that the profile keeps and in which a part of the person's name or number still stands as a word: descriptions typed by people.
 *
 * @param original The object before.
 * @param elements After, with their headers.
 */
export function leftovers(original: Dataset, elements: ReadonlyMap<Tag, Uint8Array>): readonly Tag[] {
  const words = [tags.PatientName, tags.PatientID, tags.AccessionNumber]
    .flatMap((tag) => original.text(tag)?.split(/[\^=\s]+/) ?? [])
    .filter((word) => word.length >= shortest && word !== dummyWord);
  if (words.length === 0) return [];
  const told = new RegExp(`(?<![\\p{L}\\p{N}])(${words.map(escaped).join('|')})(?![\\p{L}\\p{N}])`, 'iu');
  return [...elements]
    .filter(([tag, bytes]) => !numbered.test(tag) && told.test(latin.decode(bytes)))
    .map(([tag]) => tag);
}

/** Groups of geometry and pixels, where a number is no patient's. */
const numbered = /^(0020|0028|7fe0)/;

const latin = new TextDecoder('iso-8859-1');
const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
