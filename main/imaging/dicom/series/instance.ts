import { dirname } from 'node:path';
import type { Dataset } from '../dataset.ts';
import { tags } from '../tags.ts';
import type { TransferSyntax } from '../transferSyntax.ts';
import type { DicomObject, PixelElement } from '../object.ts';

/** How the pixels of an object are stored (PS3.3 C.7.6.3). */
export interface Stored {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly kind: 'integer' | 'float' | 'double';
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
  readonly photometric: string;
}

/** What all frames of one object share, taken from its header so that the header need not be kept. */
export interface Instance<Source> {
  readonly source: Source;
  readonly path: string;
  /** `undefined` where it has none, which makes it like no other. */
  readonly uid: string | undefined;
  /** The same for all objects of a series. */
  readonly series: string;
  readonly seriesNumber: number | undefined;
  readonly number: number | undefined;
  readonly modality: string | undefined;
  readonly description: string;
  readonly transferSyntax: string;
  readonly lossy: boolean;
  readonly stored: Stored;
  readonly frames: number;
}

/** In words what has a reader of its own. */
export const segmentation = 'a segmentation';

/** Objects that hold pixels which are no picture on a plane of the patient: segmentations have a reader of their own. */
const notPictures: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10008.5.1.4.1.1.66.4', segmentation],
  ['1.2.840.10008.5.1.4.1.1.66.7', segmentation],
  ['1.2.840.10008.5.1.4.1.1.77.1.6', 'a whole-slide picture'],
]);

/** More than any film or volume has; each costs memory before anything is decoded. */
const mostFrames = 100_000;

/** An object as an image, or in words why it is none. */
export function readInstance<Source>(object: DicomObject, source: Source): Instance<Source> | string {
  const { dataset: root, path, transferSyntax } = object;
  const other = notPictures.get(root.text(tags.SOPClassUID) ?? '');
  if (other !== undefined) return other;
  if (root.texts(tags.ImageType).includes('MOSAIC'))
    return 'a Siemens mosaic, whose slices lie side by side in one picture';
  const frames = Math.max(1, Math.trunc(root.number(tags.NumberOfFrames) ?? 1));
  if (frames > mostFrames) return `an object that claims ${frames} frames`;
  const stored = object.pixels && readStored(root, object.pixels);
  if (stored === undefined) return 'an object without pixels';
  const study = root.text(tags.StudyInstanceUID) ?? '';
  const uid = root.text(tags.SeriesInstanceUID) ?? `in ${dirname(path)}`;
  return {
    source,
    path,
    uid: root.text(tags.SOPInstanceUID),
    series: `${study} ${uid} ${root.text(tags.Units) ?? ''}`,
    seriesNumber: root.number(tags.SeriesNumber),
    number: root.number(tags.InstanceNumber),
    modality: root.text(tags.Modality),
    description: root.text(tags.SeriesDescription) ?? root.text(tags.StudyDescription) ?? '',
    transferSyntax: transferSyntax.name,
    lossy: isLossy(transferSyntax, root.text(tags.LossyImageCompression)),
    stored,
    frames,
  };
}

/** JPEG 2000 and JPEG-LS have syntaxes that may or may not lose; the tag counts what was lost before, too (PS3.3 C.7.6.1.1.5). */
function isLossy(syntax: TransferSyntax, tag: string | undefined): boolean {
  return tag === undefined ? syntax.isLossy : tag === '01' || (syntax.isLossy && tag !== '00');
}

const kinds = { PixelData: 'integer', FloatPixelData: 'float', DoubleFloatPixelData: 'double' } as const;

function readStored(root: Dataset, { attribute }: PixelElement): Stored | undefined {
  const [rows, columns] = [root.number(tags.Rows), root.number(tags.Columns)];
  const bitsAllocated = root.number(tags.BitsAllocated);
  if (rows === undefined || columns === undefined || bitsAllocated === undefined || rows < 1 || columns < 1)
    return undefined;
  const photometric = root.text(tags.PhotometricInterpretation) ?? 'MONOCHROME2';
  const isPalette = photometric === 'PALETTE COLOR';
  const [, , paletteBits] = root.numbers(tags.RedPaletteColorLookupTableDescriptor);
  return {
    rows,
    columns,
    samples: root.number(tags.SamplesPerPixel) ?? 1,
    kind: kinds[attribute],
    bitsAllocated,
    // Of a palette the colours are kept, in the bits that its third descriptor value says.
    bitsStored: (isPalette ? paletteBits : root.number(tags.BitsStored)) ?? bitsAllocated,
    signed: !isPalette && root.number(tags.PixelRepresentation) === 1,
    photometric,
  };
}
