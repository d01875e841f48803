import { invariant } from '../../ml/check/invariant.ts';
import type { Grid } from '../../ml/volume/grid.ts';
import type { Volume } from '../../ml/volume/volume.ts';
import { blend } from './colour.ts';
import { type Interpolation, type RowBuffer, rowBuffer, samplePlane } from './sample.ts';
import { type ColourTable, shade, type Shading, type TabledArray } from './shading.ts';
import { projectSlab, type Slab } from './slab.ts';

/** What is laid on a picture. Volumes share the world of the slice and may have grids of their own. */
export type Layer =
  /** Integers of at most 16 bits by a table: grey values shown voxel by voxel, and labels. */
  | {
      readonly kind: 'table';
      readonly volume: Volume<TabledArray>;
      readonly channel: number;
      readonly table: ColourTable;
    }
  /** Any values between voxels, or a thick slice: interpolated, then shaded. */
  | {
      readonly kind: 'values';
      readonly volume: Volume;
      readonly channel: number;
      readonly shading: Shading;
      readonly interpolation: Interpolation;
      readonly slab?: Slab | undefined;
    }
  /** Where two segmentations differ: colours of voxels that are something only in the one, only in the other, and another thing in each. */
  | {
      readonly kind: 'difference';
      readonly volume: Volume;
      readonly other: Volume;
      readonly colours: readonly [volume: number, other: number, both: number];
    }
  /** A colour picture: red, green and blue in 0..255 in three channels, of which `channel` is the first. */
  | { readonly kind: 'colour'; readonly volume: Volume; readonly channel: number };

/** Everything that painting slices of one size needs, made once: a frame allocates no pixels. */
export interface PaintBuffers {
  /** Packed RGBA of what no layer covers. */
  readonly ground: number;
  /** Packed RGBA [height, width]; `image` is the same memory as ImageData takes it. */
  readonly pixels: Uint32Array;
  readonly image: Uint8ClampedArray<ArrayBuffer>;
  readonly row: RowBuffer;
  readonly values: Float32Array<ArrayBuffer>;
  /** The memory of `values`, for integers. */
  readonly integers: Int32Array;
  readonly scratch: Float32Array;
  readonly counts: Uint16Array;
}

export function paintBuffers(width: number, height: number, ground = 0): PaintBuffers {
  const memory = new ArrayBuffer(4 * width * height);
  const values = new Float32Array(width * height);
  return {
    ground,
    pixels: new Uint32Array(memory),
    image: new Uint8ClampedArray(memory),
    row: rowBuffer(width),
    values,
    integers: new Int32Array(values.buffer),
    scratch: new Float32Array(width * height),
    counts: new Uint16Array(width * height),
  };
}

/**
 * Paints a slice, first layer lowest, over the ground.
 *
 * @param target One slice, [width, height, 1]: `sliceGrid` for one pixel a voxel.
 */
export function paintSlice(target: Grid, layers: readonly Layer[], buffers: PaintBuffers): void {
  const [width, height] = target.shape;
  invariant(buffers.pixels.length === width * height, 'buffers are made for the size of the slice');
  buffers.pixels.fill(buffers.ground);
  for (const layer of layers) {
    if (layer.kind === 'table') paintTable(target, layer, buffers);
    else if (layer.kind === 'values') paintValues(target, layer, buffers);
    else if (layer.kind === 'difference') paintDifference(target, layer, buffers);
    else paintColour(target, layer, buffers);
  }
}

type LayerOf<Kind extends Layer['kind']> = Extract<Layer, { kind: Kind }>;

function paintTable(target: Grid, { volume, channel, table }: LayerOf<'table'>, buffers: PaintBuffers): void {
  const { pixels, integers, row } = buffers;
  // A value that no integer of 16 bits has.
  const outside = 2 ** 20;
  samplePlane(volume, channel, target, 'nearest', row, integers, outside);
  const { entries, mask } = table;
  for (let n = 0; n < pixels.length; n++) {
    const value = integers[n]!;
    const colour = value === outside ? 0 : entries[value & mask]!;
    if (colour !== 0) pixels[n] = blend(pixels[n]!, colour);
  }
}

function paintValues(target: Grid, layer: LayerOf<'values'>, buffers: PaintBuffers): void {
  const { volume, channel, shading, interpolation, slab } = layer;
  const { pixels, values, row } = buffers;
  if (slab === undefined) samplePlane(volume, channel, target, interpolation, row, values, NaN);
  else projectSlab(volume, channel, target, slab, interpolation, buffers, values);
  for (let n = 0; n < pixels.length; n++) {
    const colour = shade(values[n]!, shading);
    if (colour !== 0) pixels[n] = blend(pixels[n]!, colour);
  }
}

function paintDifference(target: Grid, layer: LayerOf<'difference'>, buffers: PaintBuffers): void {
  const { pixels, integers, scratch, row } = buffers;
  samplePlane(layer.volume, 0, target, 'nearest', row, integers, 0);
  samplePlane(layer.other, 0, target, 'nearest', row, scratch, 0);
  const [one, other, both] = layer.colours;
  for (let n = 0; n < pixels.length; n++) {
    const [a, b] = [integers[n]!, scratch[n]!];
    if (a !== b) pixels[n] = blend(pixels[n]!, b === 0 ? one : a === 0 ? other : both);
  }
}

function paintColour(
  target: Grid,
  { volume, channel }: LayerOf<'colour'>,
  { pixels, values, row }: PaintBuffers,
): void {
  for (const part of [0, 1, 2]) {
    samplePlane(volume, channel + part, target, 'nearest', row, values, NaN);
    for (let n = 0; n < pixels.length; n++) {
      const value = values[n]!;
      if (Number.isNaN(value)) continue;
      const others = part === 0 ? 0xff000000 : pixels[n]!;
      pixels[n] = (others | (value << (8 * part))) >>> 0;
    }
  }
}
