import type { Dataset } from '../dataset.ts';
import { tags } from '../tags.ts';
import type { FrameAttributes } from './attributes.ts';

/** Where makers of scanners keep the b-value: group, last two digits of the element, and whose block it is in (PS3.5 section 7.8). */
const places = [
  { group: '0019', element: '0c', creator: 'SIEMENS MR HEADER' },
  { group: '0043', element: '39', creator: 'GEMS_PARM_01' },
  { group: '2001', element: '03', creator: 'Philips Imaging DD 001' },
] as const;

/** s/mm2; `undefined` where the image is none of diffusion, or does not say. */
export function readBValue({ root, macro }: FrameAttributes): number | undefined {
  const standard = macro(tags.MRDiffusionSequence).number(tags.DiffusionBValue) ?? root.number(tags.DiffusionBValue);
  if (standard !== undefined || root.text(tags.Modality) !== 'MR') return standard;
  for (const { group, element, creator } of places) {
    for (let block = 0x10; block <= 0x1f; block++) {
      const name = block.toString(16);
      if (root.text(`${group}00${name}`) === creator) return privateNumber(root, `${group}${name}${element}`);
    }
  }
  return undefined;
}

/** GE adds a thousand million to a b-value that was typed in; those of all makers are far smaller. */
const typedIn = 1e9;

function privateNumber(root: Dataset, tag: string): number | undefined {
  const stored = root.number(tag);
  const bytes = root.bytes(tag);
  // Where the file names no representation, Philips' number of four bytes looks like text.
  const isNamed = stored !== undefined && Number.isFinite(stored);
  if (isNamed) return stored >= typedIn ? stored - typedIn : stored;
  if (bytes?.length !== 4) return undefined;
  const value = new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
  return Number.isFinite(value) ? value : undefined;
}
