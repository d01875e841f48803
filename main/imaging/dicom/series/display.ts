import type { Display, GreyCurve, GreyWindow } from '../../display.ts';
import type { Dataset } from '../dataset.ts';
import { tags } from '../tags.ts';
import { frameAttributes } from './attributes.ts';
import { scaled, type Scaling } from './scaling.ts';
import { readTable } from './table.ts';

/**
 * How one frame is to be shown.
 *
 * @param scaling From stored values to the image's.
 * @param factor  From what the file's own scaling gives to the image's values: windows are stated in the former.
 */
export function readDisplay(
  root: Dataset,
  frame: { readonly index: number; readonly count: number; readonly signed: boolean },
  scaling: Scaling,
  factor: number,
): Omit<Display, 'overlays'> {
  const attributes = frameAttributes(root, frame.count)[frame.index];
  const voi = attributes?.macro(tags.FrameVOILUTSequence) ?? root;
  return {
    windows: readWindows(voi, factor),
    inverted:
      root.text(tags.PhotometricInterpretation) === 'MONOCHROME1' || root.text(tags.PresentationLUTShape) === 'INVERSE',
    padding: readPadding(root, scaling),
    curves: readCurves(voi, frame.signed, factor),
  };
}

/** A width below 1 shows nothing by the standard's own formula, save for values that are fractions. */
function readWindows(voi: Dataset, factor: number): readonly GreyWindow[] {
  const widths = voi.numbers(tags.WindowWidth);
  const names = voi.texts(tags.WindowCenterWidthExplanation);
  return voi.numbers(tags.WindowCenter).flatMap((centre, n) => {
    const width = widths[n];
    if (width === undefined || !(width > 0) || !Number.isFinite(centre)) return [];
    return [{ centre: centre * factor, width: width * factor, name: names[n] ?? '' }];
  });
}

function readPadding(root: Dataset, scaling: Scaling): Display['padding'] {
  const value = root.number(tags.PixelPaddingValue);
  if (value === undefined) return null;
  const ends = [value, root.number(tags.PixelPaddingRangeLimit) ?? value].map((stored) => scaled(scaling, stored));
  return { from: Math.min(...ends), to: Math.max(...ends) };
}

function readCurves(voi: Dataset, signed: boolean, factor: number): readonly GreyCurve[] {
  // A curve is a table over whole numbers, which a factor takes away.
  if (factor !== 1) return [];
  return voi.items(tags.VOILUTSequence).flatMap((item) => {
    const table = readTable(item, signed);
    return table ? [{ first: table.first, greys: table.values, name: item.text(tags.LUTExplanation) ?? '' }] : [];
  });
}
