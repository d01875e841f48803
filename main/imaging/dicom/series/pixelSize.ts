import type { Dataset } from '../dataset.ts';
import { tags } from '../tags.ts';
import type { FrameAttributes } from './attributes.ts';

/** Distance between pixel centres, mm. */
export interface PixelSize {
  /** Along the column index, x. */
  readonly x: number;
  /** Along the row index, y. */
  readonly y: number;
  /** What the person should know of it; `undefined` where it is the size within the patient. */
  readonly caveat: string | undefined;
}

/** Code of centimetres, and of the two-dimensional tissue image, in an ultrasound region (PS3.3 C.8.5.5.1). */
const centimetres = 3;
const tissueImage = 1;

/** `undefined` where the file knows none. */
export function readPixelSize({ root, macro }: FrameAttributes): PixelSize | undefined {
  const pixel = pair(macro(tags.PixelMeasuresSequence), tags.PixelSpacing);
  const imager = pair(root, tags.ImagerPixelSpacing);
  if (pixel)
    return { ...pixel, caveat: imager && isSame(pixel, imager) && isProjection(root) ? atDetector : undefined };
  if (imager) return { ...imager, caveat: atDetector };
  return ultrasoundSize(root);
}

const atDetector = 'the spacing is that of the detector: lengths in the patient are shorter by the magnification';

const isSame = (a: { x: number; y: number }, b: { x: number; y: number }): boolean => a.x === b.x && a.y === b.y;

/** Projections, whose PixelSpacing equals that of the detector where nobody has calibrated them (PS3.3 10.7.1.3). */
function isProjection(root: Dataset): boolean {
  return ['CR', 'DX', 'MG', 'XA', 'RF', 'PX', 'IO'].includes(root.text(tags.Modality) ?? '');
}

/** Spacing attributes name the distance between rows, which is y, first (PS3.3 10.7.1.3). */
function pair(dataset: Dataset, tag: string): { x: number; y: number } | undefined {
  const [y, x] = dataset.numbers(tag);
  return isSize(x) && isSize(y) ? { x, y } : undefined;
}

const isSize = (value: number | undefined): value is number =>
  value !== undefined && Number.isFinite(value) && value > 0;

/** The size all tissue regions of an ultrasound picture share; regions of different scale have none in common. */
function ultrasoundSize(root: Dataset): PixelSize | undefined {
  const sizes = root
    .items(tags.SequenceOfUltrasoundRegions)
    .filter((region) => region.number(tags.RegionSpatialFormat) === tissueImage)
    .map(regionSize);
  const [first] = sizes;
  if (first === undefined || !sizes.every((size) => size !== undefined && isSame(size, first))) return undefined;
  return { ...first, caveat: 'the spacing holds within the ultrasound region of the picture' };
}

function regionSize(region: Dataset): { x: number; y: number } | undefined {
  const [x, y] = [region.number(tags.PhysicalDeltaX), region.number(tags.PhysicalDeltaY)];
  const isLength = [tags.PhysicalUnitsXDirection, tags.PhysicalUnitsYDirection].every(
    (tag) => region.number(tag) === centimetres,
  );
  if (!isLength || x === undefined || y === undefined) return undefined;
  const size = { x: Math.abs(x) * 10, y: Math.abs(y) * 10 };
  return isSize(size.x) && isSize(size.y) ? size : undefined;
}
