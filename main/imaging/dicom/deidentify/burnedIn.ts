import type { Dataset } from '../dataset.ts';
import { tags } from '../tags.ts';

/** Modalities whose machines write into the picture, as a rule or often. */
const oftenWritten = new Set([
  'CR',
  'DF',
  'DX',
  'ES',
  'GM',
  'IO',
  'MG',
  'OP',
  'OT',
  'PX',
  'RF',
  'RG',
  'SC',
  'US',
  'XA',
  'XC',
]);

/**
 * Whether a person's name may stand in the picture itself: the object says so (0028,0301), or says nothing and comes from a kind of machine, or
 * of screen copy, where it often does.
 */
export function mayBeBurnedIn(dataset: Dataset): boolean {
  const said = dataset.text(tags.BurnedInAnnotation);
  if (said !== undefined) return said !== 'NO';
  return oftenWritten.has(dataset.text(tags.Modality) ?? 'OT') || dataset.has(tags.ConversionType);
}
