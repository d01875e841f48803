import type { Code, Segment } from '../segments.ts';

/**
 * The structures of a .seg.nrrd, as 3D Slicer's keys name them (vtkMRMLSegmentationStorageNode): `Segment0_Name`,
 * `Segment0_LabelValue`, ... Files of before 2020 have neither value nor layer: a layer of its own for each structure.
 *
 * @returns `undefined` where the file names none.
 */
export function segmentsOfKeys(keys: ReadonlyMap<string, string>, layers: number): readonly Segment[] | undefined {
  const segments: Segment[] = [];
  for (let n = 0; keys.has(`Segment${n}_ID`) || keys.has(`Segment${n}_Name`); n++) {
    const key = (name: string) => keys.get(`Segment${n}_${name}`);
    const [category, type, modifier] = terminologyOf(key('Tags') ?? '');
    segments.push({
      value: whole(key('LabelValue'), layers > 1 ? 1 : n + 1),
      layer: Math.min(layers - 1, whole(key('Layer'), layers > 1 ? n : 0)),
      name: key('Name') ?? key('ID') ?? '',
      colour: colourOf(key('Color') ?? ''),
      category,
      type,
      ...(modifier === null ? {} : { modifier }),
    });
  }
  return segments.length === 0 ? undefined : segments;
}

export function keysOfSegments(
  segments: readonly Segment[],
  shape: readonly number[],
): readonly (readonly [string, string])[] {
  const extent = shape.map((size) => `0 ${size - 1}`).join(' ');
  return [
    ...segments.flatMap(
      ({ value, layer, name, colour, category, type, modifier }, n): (readonly [string, string])[] => [
        [`Segment${n}_ID`, `Segment_${n + 1}`],
        [`Segment${n}_Name`, name],
        ...(colour === null ? [] : [[`Segment${n}_Color`, colourText(colour)] as const]),
        [`Segment${n}_LabelValue`, String(value)],
        [`Segment${n}_Layer`, String(layer)],
        [`Segment${n}_Extent`, extent],
        [`Segment${n}_Tags`, tagsOf(category, type, modifier ?? null)],
      ],
    ),
    ['Segmentation_ContainedRepresentationNames', 'Binary labelmap|'],
    ['Segmentation_SourceRepresentation', 'Binary labelmap'],
    ['Segmentation_ReferenceImageExtentOffset', '0 0 0'],
  ];
}

const whole = (text: string | undefined, otherwise: number) =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : otherwise;

/** `r g b`, each from 0 to 1. */
function colourOf(text: string): string | null {
  const parts = text.trim().split(/\s+/).map(Number);
  if (parts.length !== 3 || !parts.every((part) => part >= 0 && part <= 1)) return null;
  return `#${parts
    .map((part) =>
      Math.round(part * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

const colourText = (colour: string) =>
  [1, 3, 5].map((at) => Number((Number.parseInt(colour.slice(at, at + 2), 16) / 255).toFixed(6))).join(' ');

/** `TerminologyEntry:context~category~type~modifier~...`, a code being `scheme^value^meaning`, among tags parted by `|`. */
function terminologyOf(tags: string): readonly [category: Code | null, type: Code | null, modifier: Code | null] {
  const entry = tags.split('|').find((tag) => tag.startsWith('TerminologyEntry:'));
  const [, category = '', type = '', modifier = ''] = entry?.split('~') ?? [];
  return [codeOf(category), codeOf(type), codeOf(modifier)];
}

function codeOf(text: string): Code | null {
  const [scheme = '', value = '', meaning = ''] = text.split('^');
  return scheme === '' || value === '' ? null : { scheme, value, meaning };
}

function tagsOf(category: Code | null, type: Code | null, modifier: Code | null): string {
  if (category === null && type === null) return '';
  const text = (code: Code | null) => (code === null ? '^^' : [code.scheme, code.value, plain(code.meaning)].join('^'));
  const context = 'Segmentation category and type - DICOM master list';
  return `TerminologyEntry:${context}~${text(category)}~${text(type)}~${text(modifier)}~Anatomic codes - DICOM master list~^^~^^|`;
}

/** Without what parts the codes. */
const plain = (meaning: string) => meaning.replace(/[\^~|]/g, ' ');
