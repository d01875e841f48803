import { Problem } from '../../../ml/check/problem.ts';
import { type Grid, voxelCount } from '../../../ml/volume/grid.ts';
import { resample } from '../../../ml/volume/resample.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import type { Label } from '../dataset.ts';
import type { Drawn } from './found.ts';
import type { LabelList } from './labelList.ts';
import { eachVoxel, voxelMap } from '../../../ml/volume/voxelMap.ts';

/** A file's structures, and where they come from. */
export interface Sheet extends Drawn {
  readonly path: string;
}

export interface PaintOptions {
  readonly list: LabelList;
  /** Names of labels: where two of them overlap, the later one wins. */
  readonly order: readonly string[];
  /** Whether labels on other voxels than the image's are resampled to them, or refused. */
  readonly resample: boolean;
}

/** One label map a case, and what became of the structures, in sentences. */
export interface Painted {
  readonly volume: Volume<Uint8Array | Uint16Array>;
  /** Values that were painted. */
  readonly values: ReadonlySet<number>;
  readonly notes: readonly string[];
}

/**
 * Puts the structures of a case's files into one label map on the grid of its image, each with the value of the common list.
 *
 * @throws Problem 'data' where a file lies on other voxels than the image and may not be resampled, structures overlap of which no order was
 * given, two files draw one structure, or nothing of the list is drawn.
 */
export function paint(sheets: readonly Sheet[], grid: Grid, { list, order, resample: may }: PaintOptions): Painted {
  const largest = list.labels.at(-1)?.value ?? 0;
  const canvas = largest < 2 ** 8 ? new Uint8Array(voxelCount(grid)) : new Uint16Array(voxelCount(grid));
  const overlaps = new Overlaps(list.labels, order);
  const notes: string[] = [];
  const drawnIn = new Map<number, string>();
  for (const sheet of sheets) {
    notes.push(...sheet.warnings, ...unlisted(sheet, list));
    for (const value of valuesOf(sheet, list)) {
      if (drawnIn.has(value)) throw twice(nameOf(list.labels, value), sheet.path, drawnIn.get(value)!);
      drawnIn.set(value, sheet.path);
    }
    notes.push(...paintSheet(canvas, sheet, grid, list, may, overlaps));
  }
  const refusal = overlaps.refusal();
  const where = sheets.map(({ path }) => path).join(', ');
  if (refusal !== undefined) {
    throw new Problem('data', refusal, where, 'Say which wins: --order "first,later".');
  }
  const values = new Set<number>(canvas);
  values.delete(0);
  if (values.size === 0) {
    throw new Problem('data', 'none of the structures is drawn in it', where, 'Name its structures in --labels.');
  }
  return { volume: { grid, channels: 1, data: canvas }, values, notes: [...notes, ...overlaps.notes()] };
}

const nameOf = (labels: readonly Label[], wanted: number): string =>
  labels.find(({ value }) => value === wanted)?.name ?? String(wanted);

const valuesOf = ({ structures }: Sheet, list: LabelList): ReadonlySet<number> =>
  new Set(structures.flatMap((structure) => list.valueOf(structure) ?? []));

function unlisted({ structures }: Sheet, list: LabelList): readonly string[] {
  const names = structures.filter((one) => list.valueOf(one) === undefined).map(({ name }) => name);
  return names.length === 0 ? [] : [`not asked for and left out: ${names.join(', ')}`];
}

function twice(name: string, path: string, other: string): Problem {
  const remedy = 'Keep one of the files: two readings are two data sets.';
  return new Problem('data', `two files draw ${name}`, `${other} and ${path}`, remedy);
}

function paintSheet(
  canvas: Uint8Array | Uint16Array,
  sheet: Sheet,
  grid: Grid,
  list: LabelList,
  may: boolean,
  overlaps: Overlaps,
): readonly string[] {
  const map = voxelMap(sheet.volume.grid, grid);
  if (map === undefined && (!may || sheet.volume.grid.unit !== grid.unit)) {
    const remedy = 'Draw the label on its image, or have it resampled: --resample.';
    throw new Problem('data', 'the label lies on other voxels than the image', sheet.path, remedy);
  }
  const { grid: own, channels, data } = map ? sheet.volume : resample(sheet.volume, grid, 'label');
  const way = map ?? voxelMap(grid, grid)!;
  const size = voxelCount(own);
  let beyond = 0;
  for (let layer = 0; layer < channels; layer++) {
    const target = targetsOf(sheet, layer, list);
    eachVoxel(way, own, grid, (from, to) => {
      const value = data[layer * size + from]!;
      const painted = value === 0 ? 0 : target(value);
      if (painted === 0) return;
      if (to < 0) beyond++;
      else canvas[to] = overlaps.settle(canvas[to]!, painted);
    });
  }
  return [
    ...(map ? [] : ['the label was resampled to the voxels of the image']),
    ...(beyond === 0 ? [] : [`${beyond} labelled voxels lie beyond the image and were cut off`]),
  ];
}

/** What a value of one layer of a file becomes; 0 where it was not asked for. */
function targetsOf({ structures, path }: Sheet, layer: number, list: LabelList): (value: number) => number {
  const known = new Map(
    structures.filter((one) => one.layer === layer).map((one) => [one.value, list.valueOf(one) ?? 0]),
  );
  return (value) => {
    const target = known.get(value);
    if (target !== undefined) return target;
    throw new Problem('data', `value ${value} is none of its structures`, path, 'Export the label again.');
  };
}

/** Decides voxels that two structures claim. */
class Overlaps {
  readonly #labels: readonly Label[];
  /** By value the place in the order. */
  readonly #rank: ReadonlyMap<number, number>;
  readonly #settled = new Map<string, number>();
  readonly #open = new Map<string, number>();

  constructor(labels: readonly Label[], order: readonly string[]) {
    this.#labels = labels;
    this.#rank = new Map(labels.map(({ value, name }) => [value, order.indexOf(name)]));
  }

  settle(before: number, value: number): number {
    if (before === 0 || before === value) return value;
    const [lower, upper] = [Math.min(before, value), Math.max(before, value)];
    const pair = `${nameOf(this.#labels, lower)} and ${nameOf(this.#labels, upper)}`;
    const [one, other] = [this.#rank.get(before) ?? -1, this.#rank.get(value) ?? -1];
    const counts = one < 0 || other < 0 ? this.#open : this.#settled;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
    return other > one ? value : before;
  }

  refusal(): string | undefined {
    const [first] = this.#open;
    return first && `${first[0]} overlap in ${first[1]} voxels`;
  }

  notes(): readonly string[] {
    return [...this.#settled].map(([pair, count]) => `${pair} overlap in ${count} voxels, settled by the order`);
  }
}
