import { Problem } from '../../../ml/check/problem.ts';
import { integerLabels, type LabelArray } from '../../../ml/volume/integerLabels.ts';
import { voxelCount } from '../../../ml/volume/grid.ts';
import type { Vector3 } from '../../../ml/volume/grid.ts';
import type { Image } from '../reader.ts';
import type { Box } from '../../../ml/surfaces/structureMask.ts';

/** A structure of a label volume, and where it lies. */
export interface Structure {
  readonly value: number;
  readonly name: string;
  /** `#rrggbb` in sRGB. */
  readonly colour: string;
  readonly voxels: number;
  /** The smallest that holds all its voxels; empty where it has none. */
  readonly box: Box;
  /** The labels `[k, j, i]` of its layer. */
  readonly labels: LabelArray;
}

/** Beyond that it is an image. */
const mostStructures = 65_535;

/** Why an image is no label volume, known from its header. */
export function refuseAsLabels({
  volume,
  components,
  segments,
}: Image): { readonly what: string; readonly remedy: string } | undefined {
  if (components > 1)
    return { what: `${components} numbers a voxel are no label`, remedy: 'Use a label map, not a picture in colours.' };
  if (volume.channels > 1 && segments === undefined)
    return {
      what: `${volume.channels} volumes, and which one is not said`,
      remedy: 'Write a single one of them first.',
    };
  return undefined;
}

/**
 * The structures of a label volume: those that the file names, with voxels or without, or else each value above 0, by rising
 * value, as `label_N` in a colour of its own.
 *
 * @throws Problem `data` where the voxels are no labels.
 */
export function structuresOf(image: Image): readonly Structure[] {
  const refusal = refuseAsLabels(image);
  if (refusal !== undefined) throw new Problem('data', refusal.what, image.path, refusal.remedy);
  const { grid, channels, data } = integerLabels(image.volume, image.path);
  const size = voxelCount(grid);
  const layers = Array.from({ length: channels }, (_, layer) => data.subarray(layer * size, (layer + 1) * size));
  const extents = layers.map((labels) => extentsOf(labels, grid.shape, image.path));
  const named = image.segments ?? [...extents[0]!.keys()].toSorted((a, b) => a - b).map(unnamed);
  return named.map(({ value, layer, name, colour }) => {
    const { voxels, from, to } = extents[layer]?.get(value) ?? nowhere;
    const shown = { name: name === '' ? `label_${value}` : name, colour: colour ?? colourOf(value) };
    return { value, ...shown, voxels, box: { from, to }, labels: layers[layer]! };
  });
}

const unnamed = (value: number) => ({ value, layer: 0, name: '', colour: null });

interface Extent {
  voxels: number;
  readonly from: [number, number, number];
  readonly to: [number, number, number];
}

const nowhere: Readonly<Extent> = { voxels: 0, from: [0, 0, 0], to: [0, 0, 0] };

function extentsOf(labels: LabelArray, [width, height, depth]: Vector3, where: string): ReadonlyMap<number, Extent> {
  const extents = new Map<number, Extent>();
  for (let k = 0, at = 0; k < depth; k++) {
    for (let j = 0; j < height; j++, at += width) {
      for (let i = 0; i < width;) {
        const value = labels[at + i]!;
        let end = i + 1;
        while (end < width && labels[at + end] === value) end++;
        if (value !== 0) extend(extents, value, [i, j, k], end);
        i = end;
      }
    }
    if (extents.size > mostStructures)
      throw new Problem('data', `more than ${mostStructures} labels`, where, 'Use a label map, not an image.');
  }
  return extents;
}

/** By the run of voxels from `start` to `end` along i. */
function extend(extents: Map<number, Extent>, value: number, start: Vector3, end: number): void {
  const extent = extents.get(value) ?? { voxels: 0, from: [...start], to: [0, 0, 0] };
  extents.set(value, extent);
  extent.voxels += end - start[0];
  for (const axis of [0, 1, 2] as const) {
    extent.from[axis] = Math.min(extent.from[axis], start[axis]);
    extent.to[axis] = Math.max(extent.to[axis], axis === 0 ? end : start[axis] + 1);
  }
}

/** Hues a golden angle apart: neighbours in value are far apart in colour. */
function colourOf(value: number): string {
  const hue = (value * 137.508) % 360;
  const part = (n: number) => {
    const k = (n + hue / 30) % 12;
    const level = 0.55 - 0.4 * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * level)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}
