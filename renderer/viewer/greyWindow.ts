import type { VolumeFacts } from '../../main/contract/volumes.ts';
import type { GreyWindow } from '../stores/greyWindow.ts';

export interface NamedWindow extends GreyWindow {
  readonly name: string;
}

/** Usual windows for HU. A starting point that the person changes by hand; no measurement depends on them. */
const hounsfield: readonly NamedWindow[] = [
  { name: 'Soft tissue', centre: 40, width: 400 },
  { name: 'Lung', centre: -600, width: 1500 },
  { name: 'Bone', centre: 400, width: 1800 },
  { name: 'Brain', centre: 40, width: 80 },
  { name: 'Liver', centre: 60, width: 160 },
  { name: 'Angiography', centre: 300, width: 600 },
];

const between = (name: string, low: number, high: number): NamedWindow => ({
  name,
  centre: (low + high) / 2,
  width: high > low ? high - low : 1,
});

/** The windows a volume can be shown with, the one to begin with first: the file's own, then the middle of its values. */
export function windowsOf({ windows, range, unit, modality }: VolumeFacts, words: { automatic: string; full: string }) {
  const own = windows.map(({ name, centre, width }, n) => ({ centre, width, name: name || `Window ${n + 1}` }));
  const usual = modality === 'CT' || unit === 'HU' ? hounsfield : [];
  // Where nearly all voxels are alike, as in a mask, the middle of the values is no range.
  const middle = range.low < range.high ? range : { low: range.least, high: range.largest };
  return [
    ...own,
    between(words.automatic, middle.low, middle.high),
    ...usual,
    between(words.full, range.least, range.largest),
  ] as const;
}
