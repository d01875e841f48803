import type { Dataset } from '../dataset.ts';
import { tags } from '../tags.ts';
import type { FrameAttributes } from './attributes.ts';
import { lookUp, readTable, type LookupTable } from './table.ts';

/** How stored values become real ones: `slope * stored + intercept`, or what the table says. */
export interface Scaling {
  readonly slope: number;
  readonly intercept: number;
  readonly table: LookupTable | undefined;
  /** What the real values count, e.g. `HU`; `null` where the file does not say. */
  readonly unit: string | null;
}

export function scaled({ slope, intercept, table }: Scaling, stored: number): number {
  return table ? lookUp(table, stored) : slope * stored + intercept;
}

/**
 * The Modality LUT of a frame (PS3.3 C.11.1) or the dose scaling of an RT Dose. A Real World Value Map (C.7.6.16.2.11) counts where that is
 * absent or changes nothing, since both start from the stored values.
 */
export function readScaling(attributes: FrameAttributes, isSigned: boolean): Scaling {
  const { root, macro } = attributes;
  const item = macro(tags.PixelValueTransformationSequence);
  const slope = item.number(tags.RescaleSlope) ?? root.number(tags.DoseGridScaling) ?? 1;
  const intercept = item.number(tags.RescaleIntercept) ?? 0;
  const [lut] = root.items(tags.ModalityLUTSequence);
  const table = lut && readTable(lut, isSigned);
  const isIdentity = table === undefined && slope === 1 && intercept === 0;
  const map = macro(tags.RealWorldValueMappingSequence);
  const mapped = isIdentity ? realWorld(map.items(tags.RealWorldValueMappingSequence)[0] ?? map) : undefined;
  const unit = unitOf(root, lut?.text(tags.ModalityLUTType) ?? item.text(tags.RescaleType));
  return mapped ?? { slope, intercept, table, unit };
}

function realWorld(map: Dataset): Scaling | undefined {
  const slope = map.number(tags.RealWorldValueSlope);
  const intercept = map.number(tags.RealWorldValueIntercept);
  const unit = map.items(tags.MeasurementUnitsCodeSequence)[0]?.text(tags.CodeValue) ?? null;
  if (slope !== undefined && intercept !== undefined) return { slope, intercept, table: undefined, unit: named(unit) };
  const first = map.number(tags.RealWorldValueFirstValueMapped);
  const values = map.numbers(tags.RealWorldValueLUTData);
  if (first === undefined || values.length === 0) return undefined;
  return { slope: 1, intercept: 0, table: { first, values }, unit: named(unit) };
}

/** UCUM writes Hounsfield units in brackets, and `1` where there is no unit. */
function named(code: string | null): string | null {
  if (code === "[hnsf'U]") return 'HU';
  return code === '1' ? null : code;
}

/** `US` is DICOM's word for unspecified. A CT that names no type is in Hounsfield units (C.8.2.1.1.2), unless it is no slice. */
function unitOf(root: Dataset, type: string | undefined): string | null {
  if (type !== undefined) return type === 'US' ? null : type;
  const units = root.text(tags.Units);
  if (units !== undefined) return units === 'NONE' ? null : units;
  if (root.has(tags.DoseGridScaling)) return root.text(tags.DoseUnits) ?? null;
  const isSlice = root.text(tags.Modality) === 'CT' && !root.texts(tags.ImageType).includes('LOCALIZER');
  return isSlice && root.has(tags.RescaleSlope) ? 'HU' : null;
}
