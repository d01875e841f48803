import { Problem } from '../../../ml/check/problem.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import { isFolder } from '../../files/folder.ts';
import type { Image, ImageReader, ImageSource, ReadOptions } from '../reader.ts';
import { listElements } from './listElements.ts';
import { findDicomObject, readDicomObject } from './object.ts';
import { openSegmentations, openStructures } from './openStructures.ts';
import { entriesOf, isArchive } from './scan/archive.ts';
import { fileEntry, type Entry } from './scan/entry.ts';
import { filesWithin } from './scan/folder.ts';
import { scan } from './scan/scan.ts';
import { assemble, type Assembled } from './series/assemble.ts';
import { componentsOf } from './series/planesOf.ts';
import { describeStack } from './series/describe.ts';
import { extremesOf } from './series/extremes.ts';
import { groupFrames } from './series/groupFrames.ts';
import { quantityOf } from './series/quantity.ts';
import { regularGrid, regularise } from './series/regularise.ts';
import { stackFrames, type Stack } from './series/stack.ts';

export const dicomReader: ImageReader = {
  formats: 'DICOM (a file, a folder, a zip archive, a DICOMDIR)',

  async handles(path) {
    for await (const entry of candidates(path))
      if ((await findDicomObject(await entry.open(), { pixels: false })) !== undefined) return true;
    return false;
  },

  async open(path, options) {
    const structures =
      (await isFolder(path)) || (await isArchive(path)) ? undefined : await openStructures(path, options);
    if (structures !== undefined) return [structures];
    const { frames, segmentations, warnings: scanned } = await scan(path, options);
    const stacks = groupFrames(frames).map(stackFrames).sort(bySeries);
    const drawn = await openSegmentations(segmentations, options);
    const warnings = [...scanned, ...drawn.warnings];
    const images = stacks.map((stack) => stackSource(path, stack, warnings));
    if (images.length + drawn.sources.length > 0) return [...images, ...drawn.sources];
    const what = ['no DICOM image is here', ...warnings].join('; ');
    throw new Problem('data', what, path, 'Name a file or folder that holds pictures.');
  },
};

async function* candidates(path: string): AsyncGenerator<Entry> {
  if (await isFolder(path)) {
    for await (const file of filesWithin(path)) yield fileEntry(file);
  } else if (await isArchive(path)) yield* await entriesOf(path);
  else yield fileEntry(path);
}

/** By the numbers that the scanner gave; volumes of one series stay in the order of their files. */
function bySeries(a: Stack<Entry>, b: Stack<Entry>): number {
  const number = ({ frames }: Stack<Entry>): number => frames[0]?.[0]?.instance.seriesNumber ?? Infinity;
  const [first, second] = [number(a), number(b)];
  return first === second ? 0 : first - second;
}

/** A stack of frames as an image. `scanned`: what was said of the whole path. */
export function stackSource(path: string, stack: Stack<Entry>, scanned: readonly string[]): ImageSource {
  const quantity = quantityOf(stack.frames.flat());
  const description = describeStack(path, stack, quantity, scanned);
  return {
    description,
    elements: async () => {
      const { source } = stack.frames[0]![0]!.instance;
      return listElements(await readDicomObject(await source.open(), { pixels: false }));
    },
    read: async (options): Promise<Image> => {
      refuseIrregular(path, stack, options);
      const arrival = stack.irregular.length === 0 ? options.arrival : undefined;
      const assembled = await assemble(stack, quantity.factor, { ...options, arrival });
      const { volume, warnings } = placed(stack, assembled);
      const { instance } = stack.frames[0]![0]!;
      return {
        path,
        format: 'dicom',
        volume,
        components: componentsOf(instance.stored),
        unit: quantity.unit,
        lossy: stack.frames.flat().some((frame) => frame.instance.lossy),
        display: assembled.display,
        files: [...new Set(stack.frames.flat().map((frame) => frame.instance.source.file))],
        description: description.description,
        modality: instance.modality,
        geometry: undefined,
        warnings: [...description.warnings, ...assembled.warnings, ...warnings],
      };
    },
  };
}

function refuseIrregular(path: string, { irregular }: Stack<Entry>, { irregular: what }: ReadOptions): void {
  if (irregular.length === 0 || what === 'resample') return;
  const remedy = 'Get the whole series, or have it resampled to a regular grid: sfumato convert --resample.';
  throw new Problem('data', irregular.join('; '), path, remedy);
}

function placed(stack: Stack<Entry>, { data, display }: Assembled): { volume: Volume; warnings: readonly string[] } {
  const channels = stack.frames.length * componentsOf(stack.frames[0]![0]!.instance.stored);
  const volume = { grid: stack.grid, channels, data };
  if (stack.irregular.length === 0) return { volume, warnings: [] };
  const target = regularGrid(stack.grid, stack.offsets);
  // Where nothing was measured there is what the file uses for that, else the darkest value.
  const outside = display.padding?.from ?? extremesOf(data)[0];
  const warning = `resampled to a regular grid of ${target.shape.join(' x ')} voxels`;
  return { volume: regularise(volume, stack.offsets, target, outside), warnings: [warning] };
}
