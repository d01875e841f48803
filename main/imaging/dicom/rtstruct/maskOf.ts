import type { Volume } from '../../../../ml/volume/volume.ts';
import type { Segment } from '../../segments.ts';

/** The pixels of a slice that are the segment's: 1, others 0; row-major. */
export function maskOf({ grid, data }: Volume, { layer, value }: Segment, slice: number): Uint8Array {
  const [columns, rows, slices] = grid.shape;
  const area = columns * rows;
  const start = (layer * slices + slice) * area;
  const mask = new Uint8Array(area);
  for (let pixel = 0; pixel < area; pixel++) if (data[start + pixel] === value) mask[pixel] = 1;
  return mask;
}
