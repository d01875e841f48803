import type { Grid } from '../../ml/volume/grid.ts';
import { indexPoint, indexToWorld } from '../../ml/volume/space.ts';
import type { Volume } from '../../ml/volume/volume.ts';
import { type Interpolation, type RowBuffer, samplePlane } from './sample.ts';
import { sliceGrid } from './view.ts';

/** A thick slice: what is shown of the values along its thickness. */
export interface Slab {
  readonly projection: 'maximum' | 'minimum' | 'mean';
  /** In the grid's unit, centred on the slice. */
  readonly thickness: number;
  /** No more slices than this, evenly spread: a coarse answer soon. Default all. */
  readonly mostSlices?: number | undefined;
}

/** Distances of a slab's slices from its middle one, in slices. The middle one is always there. */
function slabOffsets({ spacing }: Grid, { thickness, mostSlices = Infinity }: Slab): readonly number[] {
  const reach = Math.floor(thickness / 2 / spacing[2] + 1e-6);
  const step = Math.ceil((2 * reach + 1) / mostSlices) || 1;
  const aside = Math.floor(reach / step);
  return Array.from({ length: 2 * aside + 1 }, (_, n) => (n - aside) * step);
}

/** What `projectSlab` overwrites while it works, [height, width]. */
interface SlabBuffers {
  readonly row: RowBuffer;
  readonly scratch: Float32Array;
  readonly counts: Uint16Array;
}

/**
 * A thick slice projected on its middle one. Pixels beyond the volume and values that are no number do not count.
 *
 * @param target The middle slice; slices are its `spacing[2]` apart.
 * @param out    Float32Array [height, width]; NaN where nothing counts.
 */
export function projectSlab(
  volume: Volume,
  channel: number,
  target: Grid,
  slab: Slab,
  interpolation: Interpolation,
  buffers: SlabBuffers,
  out: Float32Array,
): void {
  const [width, height] = target.shape;
  const offsets = slabOffsets(target, slab);
  out.fill(NaN);
  buffers.counts.fill(0);
  for (let top = 0; top < height; top += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, height - top);
    const part = { ...target, shape: [width, rows, 1] as const, origin: indexToWorld(target, indexPoint(0, top, 0)) };
    const [from, to] = [top * width, (top + rows) * width];
    const [sums, scratch] = [out.subarray(from, to), buffers.scratch.subarray(from, to)];
    const counts = buffers.counts.subarray(from, to);
    for (const offset of offsets) {
      samplePlane(volume, channel, sliceGrid(part, offset), interpolation, buffers.row, scratch, NaN);
      gather[slab.projection](sums, scratch, counts);
    }
  }
  if (slab.projection === 'mean') for (let n = 0; n < out.length; n++) out[n]! /= buffers.counts[n]!;
}

/** Of a few rows all slices are read while the processor still has their voxels near: much faster across the first index axis. */
const rowsAtOnce = 8;

type Gather = (out: Float32Array, values: Float32Array, counts: Uint16Array) => void;

// NaN compares false with everything: in `out` it gives way, in `values` it is passed over.
const gather: Readonly<Record<Slab['projection'], Gather>> = {
  maximum: (out, values) => {
    for (let n = 0; n < out.length; n++) if (values[n]! > out[n]! || out[n]! !== out[n]!) out[n] = values[n]!;
  },
  minimum: (out, values) => {
    for (let n = 0; n < out.length; n++) if (values[n]! < out[n]! || out[n]! !== out[n]!) out[n] = values[n]!;
  },
  mean: (out, values, counts) => {
    for (let n = 0; n < out.length; n++) {
      if (values[n]! !== values[n]!) continue;
      out[n] = counts[n] === 0 ? values[n]! : out[n]! + values[n]!;
      counts[n]!++;
    }
  },
};
