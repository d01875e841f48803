import { openImages } from '../../imaging/image.ts';
import type { ImageDescription } from '../../imaging/reader.ts';
import type { PieceAnswer } from '../pieces.ts';
import type { Worker } from '../workContext.ts';

/** What the headers of a volume say, in the words of the imaging layer, then the elements of a DICOM header. */
export const studyMetadata: Worker<'study:metadata'> = async ({ path }, { signal, report }) => {
  const sources = await openImages(path, { signal, report });
  const rows: PieceAnswer<'study:metadata'> = [];
  for (const { description, elements } of sources) rows.push(...rowsOf(description), ...((await elements?.()) ?? []));
  return rows;
};

function rowsOf(image: ImageDescription): PieceAnswer<'study:metadata'> {
  const numbers = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(7))).join(' ');
  const facts: readonly (readonly [string, string | null])[] = [
    ['Format', image.format],
    ['Description', image.description],
    ['Modality', image.modality],
    ['Shape', image.shape.join(' x ')],
    ['Numbers a voxel', String(image.components)],
    ['Frames', String(image.frames)],
    ['Stored type', image.dataType],
    ['Spacing, mm', image.spacing === null ? 'unknown' : numbers(image.spacing)],
    ['Orientation', image.orientation],
    ['Origin, LPS mm', numbers(image.origin)],
    ['Direction', numbers(image.direction)],
    ['Transfer syntax', image.transferSyntax],
    ['Rescale', image.rescale === null ? null : `${image.rescale.slope} x + ${image.rescale.intercept}`],
    ['Unit', image.unit],
    ['Files', String(image.files)],
    ...image.warnings.map((warning) => ['Warning', warning] as const),
  ];
  return facts.flatMap(([name, value]) =>
    value === null || value === '' ? [] : [{ tag: '', name, type: '', value, depth: 0 }],
  );
}
