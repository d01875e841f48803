import { dirname } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import type { Grid } from '../../../ml/volume/grid.ts';
import { orientationCode } from '../../../ml/volume/orientation.ts';
import type { ImageDescription, ImageSource, OpenOptions } from '../reader.ts';
import { type DicomObject, findDicomObject, readDicomObject } from './object.ts';
import { readStructureSet, structureSetClass } from './rtstruct/readStructureSet.ts';
import type { StructureSet } from './rtstruct/structureSet.ts';
import { structuresAsImage } from './rtstruct/structuresAsImage.ts';
import { type Entry, fileEntry } from './scan/entry.ts';
import { scan } from './scan/scan.ts';
import { segmentationClasses } from './seg/header.ts';
import { describeSegmentation, readSegmentation } from './seg/readSegmentation.ts';
import { groupFrames } from './series/groupFrames.ts';
import { stackFrames } from './series/stack.ts';
import { tags } from './tags.ts';

/**
 * The file as structures that were drawn on an image, where it is a segmentation or a structure set.
 *
 * @returns `undefined` for every other file.
 * @throws Problem `data` where it is damaged, or the images that a structure set was drawn on are not in its folder.
 */
export async function openStructures(path: string, options: OpenOptions): Promise<ImageSource | undefined> {
  const object = await findDicomObject(path, { pixels: false, signal: options.signal });
  const sopClass = object?.dataset.text(tags.SOPClassUID) ?? '';
  if (object !== undefined && segmentationClasses.includes(sopClass))
    return segmentationSource(object, fileEntry(path));
  return object !== undefined && sopClass === structureSetClass ? structureSetSource(object, options) : undefined;
}

function segmentationSource(header: DicomObject, entry: Entry): ImageSource {
  return {
    description: describeSegmentation(header),
    read: async ({ signal }) =>
      readSegmentation(await readDicomObject(await entry.open(), { pixels: true, signal }), signal),
  };
}

/** Segmentations that lie beside other images, and what is wrong with those that cannot be read. */
export async function openSegmentations(
  entries: readonly Entry[],
  { signal }: OpenOptions,
): Promise<{ readonly sources: readonly ImageSource[]; readonly warnings: readonly string[] }> {
  const sources: ImageSource[] = [];
  const warnings: string[] = [];
  for (const entry of entries) {
    try {
      sources.push(segmentationSource(await readDicomObject(await entry.open(), { pixels: false, signal }), entry));
    } catch (error) {
      if (!(error instanceof Problem) || error.kind === 'cancelled') throw error;
      warnings.push(`a segmentation was passed over: ${error.what}`);
    }
  }
  return { sources, warnings };
}

async function structureSetSource(object: DicomObject, options: OpenOptions): Promise<ImageSource> {
  const structures = readStructureSet(object);
  const grid = await gridBeside(structures, options);
  return {
    description: describeStructureSet(object, structures, grid),
    read: () => Promise.resolve(structuresAsImage(structures, grid)),
  };
}

/** The grid of the series that the structures were drawn on, from the folder that holds their file. */
async function gridBeside({ path, series }: StructureSet, options: OpenOptions): Promise<Grid> {
  // A folder that holds nothing else, or nothing that can be read, has no such images either.
  const frames = await scan(dirname(path), options).then(
    (found) => found.frames,
    (error: unknown) => {
      if (error instanceof Problem) return [];
      throw error;
    },
  );
  const drawnOn = frames.filter(({ instance }) => series.some((uid) => instance.series.split(' ').includes(uid)));
  const stacks = groupFrames(drawnOn).map(stackFrames);
  const [stack] = stacks;
  if (stack !== undefined && stack.isPlaced && stack.irregular.length === 0) return stack.grid;
  const remedy = `Put its images into the same folder: series ${series.join(', ') || 'unknown'}.`;
  const what = 'contours become voxels on the images that they were drawn on, and these are not beside the file';
  const reason = stack === undefined ? what : ['its images are on no regular grid', ...stack.irregular].join('; ');
  throw new Problem('data', reason, path, remedy);
}

function describeStructureSet({ transferSyntax }: DicomObject, structures: StructureSet, grid: Grid): ImageDescription {
  return {
    path: structures.path,
    format: 'dicom',
    modality: 'RTSTRUCT',
    description: structures.description,
    shape: grid.shape,
    components: 1,
    dataType: structures.structures.length < 2 ** 8 ? 'uint8' : 'uint16',
    spacing: grid.spacing,
    origin: grid.origin,
    direction: grid.direction,
    orientation: orientationCode(grid),
    transferSyntax: transferSyntax.name,
    rescale: null,
    unit: null,
    frames: 1,
    files: 1,
    warnings: structures.warnings,
  };
}
