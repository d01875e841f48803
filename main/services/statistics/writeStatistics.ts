import { basename } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import { writeFileAtomically } from '../../files/atomic.ts';
import { csvText } from '../../files/csv.ts';
import type { Image } from '../../imaging/reader.ts';
import type { StructureStatistics } from './structureStatistics.ts';

export interface MeasuredImages {
  readonly mask: Image;
  readonly image?: Image | undefined;
}

/** @throws Problem `usage` where the name is neither that of a CSV nor of a JSON file. */
export function checkStatisticsName(path: string): void {
  if (!/\.(csv|json)$/i.test(path))
    throw new Problem('usage', 'statistics are written as .csv or .json', path, 'Change the extension.');
}

/**
 * Writes what was measured, one line (RFC 4180) or one object a structure, by the extension. What does not exist is an empty
 * field, or `null`.
 *
 * @throws Problem `usage` where the name is neither that of a CSV nor of a JSON file, `data` where it cannot be written.
 */
export async function writeStatistics(
  path: string,
  structures: readonly StructureStatistics[],
  images: MeasuredImages,
  existing: 'refuse' | 'replace',
): Promise<void> {
  checkStatisticsName(path);
  const text = /\.json$/i.test(path) ? json(structures, images) : csv(structures);
  await writeFileAtomically(path, text, { existing });
}

function json(structures: readonly StructureStatistics[], { mask, image }: MeasuredImages): string {
  const document = {
    schema: 1,
    mask: basename(mask.path),
    image: image === undefined ? null : basename(image.path),
    unit: image?.unit ?? null,
    space: 'LPS mm',
    connectivity: 'faces',
    structures,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

type Column = readonly [name: string, of: (structure: StructureStatistics) => string | number | null | undefined];

const axes = [0, 1, 2] as const;

const shapeColumns: readonly Column[] = [
  ['value', ({ value }) => value],
  ['name', ({ name }) => name],
  ['voxels', ({ voxels }) => voxels],
  ['volumeMm3', ({ volumeMm3 }) => volumeMm3],
  ['volumeMl', ({ volumeMl }) => volumeMl],
  ...axes.map((axis): Column => [`first${'IJK'.charAt(axis)}`, ({ box }) => box?.first[axis]]),
  ...axes.map((axis): Column => [`last${'IJK'.charAt(axis)}`, ({ box }) => box?.last[axis]]),
  ...axes.map((axis): Column => [`low${'XYZ'.charAt(axis)}`, ({ extent }) => extent?.low[axis]]),
  ...axes.map((axis): Column => [`high${'XYZ'.charAt(axis)}`, ({ extent }) => extent?.high[axis]]),
  ...axes.map((axis): Column => [`centroid${'XYZ'.charAt(axis)}`, ({ centroid }) => centroid?.[axis]]),
  ['surfaceAreaMm2', ({ surfaceAreaMm2 }) => surfaceAreaMm2],
  ['components', ({ components }) => components],
  ['largestComponentShare', ({ largestComponentShare }) => largestComponentShare],
];

const intensityColumns = (['mean', 'sd', 'min', 'p5', 'p25', 'median', 'p75', 'p95', 'max', 'notFinite'] as const).map(
  (name): Column => [name, ({ intensities }) => intensities?.[name]],
);

function csv(structures: readonly StructureStatistics[]): string {
  const hasImage = structures.some(({ intensities }) => intensities !== null);
  const columns = hasImage ? [...shapeColumns, ...intensityColumns] : shapeColumns;
  const lines = structures.map((structure) => columns.map(([, of]) => of(structure)));
  return csvText([columns.map(([name]) => name), ...lines]);
}
