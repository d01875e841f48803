import { Problem } from '../../../../ml/check/problem.ts';
import type { Vector3 } from '../../../../ml/volume/grid.ts';
import type { Segment } from '../../segments.ts';
import type { Dataset } from '../dataset.ts';
import { tags } from '../tags.ts';
import { readCode } from './codes.ts';
import { colourOf } from './colour.ts';

/** What a file says of a segment; where it lies is found with its frames. */
export interface SegmentDefinition extends Omit<Segment, 'layer' | 'value'> {
  /** Segment Number (0062,0004); 0 only for the background of a label map. */
  readonly number: number;
}

/**
 * Segment Sequence (0062,0002), in the order of the file.
 *
 * @throws Problem `data` where it is absent, or a segment has no number or another one's.
 */
export function readDefinitions(dataset: Dataset, path: string): readonly SegmentDefinition[] {
  const segments = dataset.items(tags.SegmentSequence).map((item) => readDefinition(item, path));
  if (segments.length === 0) throw damaged('the segmentation describes no segment (0062,0002)', path);
  const numbers = new Set(segments.map(({ number }) => number));
  if (numbers.size < segments.length) throw damaged('two segments have one number (0062,0004)', path);
  return segments;
}

function readDefinition(item: Dataset, path: string): SegmentDefinition {
  const number = item.number(tags.SegmentNumber);
  if (number === undefined || !Number.isInteger(number) || number < 0 || number > 65535) {
    throw damaged('a segment has no valid number (0062,0004)', path);
  }
  const type = readCode(item, tags.SegmentedPropertyTypeCodeSequence);
  const [typeItem] = item.items(tags.SegmentedPropertyTypeCodeSequence);
  const modifier = typeItem && readCode(typeItem, tags.SegmentedPropertyTypeModifierCodeSequence);
  const [l, a, b] = item.numbers(tags.RecommendedDisplayCIELabValue);
  const lab: Vector3 | undefined = l === undefined || a === undefined || b === undefined ? undefined : [l, a, b];
  return {
    number,
    name: item.text(tags.SegmentLabel) ?? type?.meaning ?? `segment ${number}`,
    colour: lab === undefined ? null : colourOf(lab),
    category: readCode(item, tags.SegmentedPropertyCategoryCodeSequence),
    type,
    ...(modifier ? { modifier } : {}),
  };
}

/** The problem of a segmentation that breaks the standard where it matters. */
export const damaged = (what: string, path: string) =>
  new Problem('data', what, path, 'Export the segmentation again from where it came from.');
