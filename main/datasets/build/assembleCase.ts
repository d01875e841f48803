import { Problem } from '../../../ml/check/problem.ts';
import { gridDifference } from '../../../ml/volume/difference.ts';
import type { Grid } from '../../../ml/volume/grid.ts';
import { resample } from '../../../ml/volume/resample.ts';
import { splitChannels } from '../../../ml/volume/splitChannels.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import type { Image } from '../../imaging/reader.ts';
import type { FoundImage } from './found.ts';
import type { Draft } from './matchCases.ts';
import { paint, type Painted, type PaintOptions, type Sheet } from './paint.ts';

/** A case as it is written: all of it on one grid. */
export interface Assembled {
  /** One channel each. */
  readonly channels: readonly Volume[];
  /** Of each channel, e.g. `HU`. */
  readonly units: readonly (string | null)[];
  readonly label: Painted['volume'];
  readonly values: ReadonlySet<number>;
  /** What a person should know of it, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Reads the images and labels of a case and brings them onto the grid of the image that was drawn on.
 *
 * @throws Problem 'data' where a file cannot be read, or images or labels do not lie on one grid or in one frame of reference and may not
 * be resampled; see also `paint`.
 */
export async function assembleCase(draft: Draft, options: PaintOptions, signal: AbortSignal): Promise<Assembled> {
  refuseOtherFrames(draft);
  const irregular = options.resample ? 'resample' : 'refuse';
  const images: Image[] = [];
  for (const found of draft.images) images.push(await found.read({ signal, irregular }));
  const { grid } = images[draft.images.indexOf(draft.reference)]!.volume;
  const notes = images.flatMap(({ warnings }) => warnings);
  const aligned = images.map((image) => onGrid(image, grid, options.resample, notes));
  if (aligned.length > 1) aligned.forEach(refuseSeveral);
  const sheets: Sheet[] = [];
  for (const label of draft.labels) sheets.push({ path: label.path, ...(await label.read(grid, signal)) });
  const painted = paint(sheets, grid, options);
  return {
    channels: aligned.flatMap(({ volume }) => splitChannels(volume)),
    units: images.flatMap(({ unit, volume }) => Array.from({ length: volume.channels }, () => unit)),
    label: painted.volume,
    values: painted.values,
    notes: [...new Set([...notes, ...painted.notes])],
  };
}

/** Coordinates of two frames of reference mean different places (PS3.3 C.7.4.1), whatever the numbers. */
function refuseOtherFrames({ images, labels, reference }: Draft): void {
  const differs = (frames: readonly string[]) =>
    frames.length > 0 && reference.frames.length > 0 && !frames.some((frame) => reference.frames.includes(frame));
  const drawings = labels.map(({ path, frame }) => ({ path, frames: frame === undefined ? [] : [frame] }));
  const other = [...images, ...drawings].find(({ frames }) => differs(frames));
  if (other === undefined) return;
  const what = `it is in another frame of reference than the image ${reference.path}`;
  throw new Problem('data', what, other.path, 'Register it to the image first, or draw it again.');
}

function onGrid(image: Image, grid: Grid, may: boolean, notes: string[]): Image {
  const { volume, path } = image;
  const difference = gridDifference(grid, volume.grid);
  if (difference === undefined) return image;
  if (!may || volume.grid.unit !== grid.unit) {
    const what = `the sequences of the case are on different grids: ${difference}`;
    throw new Problem('data', what, path, 'Have them resampled to one grid: --resample.');
  }
  notes.push(`a sequence was resampled to the grid of the one that was drawn on: ${difference}`);
  return { ...image, volume: resample(volume, grid, 'linear', least(volume)) };
}

/** Where nothing was measured the darkest value is the likeliest. */
function least({ data }: Volume): number {
  let low = Infinity;
  for (const value of data) if (value < low) low = value;
  return low;
}

function refuseSeveral({ volume, path }: Image): void {
  if (volume.channels === 1) return;
  const what = `one of several sequences has ${volume.channels} frames or colours`;
  throw new Problem('data', what, path, 'Give one file alone, or files of one frame and one number a voxel each.');
}

/** What the channels of a case are called, as far as its sources say. */
export function channelNamesOf(images: readonly FoundImage[], count: number): readonly string[] {
  const [first] = images;
  if (first?.channels?.length === count) return first.channels;
  if (count === 1) return [first?.modality ?? 'image'];
  return Array.from({ length: count }, (_, n) => `channel_${n}`);
}
