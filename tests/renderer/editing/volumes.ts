import fc from 'fast-check';
import type { Grid } from '../../../ml/volume/grid.ts';
import type { EditRules, Labels } from '../../../renderer/editing/labels.ts';
import { grids } from '../../ml/volume/grids.ts';

/** May change everything. */
export const free: EditRules = { locked: new Set(), overwrite: 'all' };

/** Label volumes of a few structures on any grid. */
export const labelVolumes: fc.Arbitrary<Labels> = grids(7).chain((grid) => {
  const size = grid.shape[0] * grid.shape[1] * grid.shape[2];
  const constraints = { min: 0, max: 3, minLength: size, maxLength: size };
  return fc.oneof(fc.uint8Array(constraints), fc.uint16Array(constraints)).map((data) => ({ grid, channels: 1, data }));
});

/** A box of blobs on voxels of unequal size, and an image of which every value differs from its neighbours'. */
export const blobGrid: Grid = {
  shape: [17, 14, 11],
  spacing: [0.8, 1.3, 2.5],
  unit: 'mm',
  origin: [-12, 40, 7],
  direction: [0, 0, 1, 1, 0, 0, 0, 1, 0],
};

/** Labels 0..2 in lumps with islands and holes, the same each time. */
export function blobs(): Labels {
  const [width, height, depth] = blobGrid.shape;
  const data = new Uint8Array(width * height * depth);
  for (let n = 0; n < data.length; n++) {
    const [i, row] = [n % width, Math.floor(n / width)];
    const [j, k] = [row % height, Math.floor(row / height)];
    const wave = Math.sin(1.1 * i) + Math.sin(1.3 * j + 0.5) + Math.sin(1.7 * k + 1);
    data[n] = wave > 0.25 ? 1 : wave < -1.6 ? 2 : 0;
    // Single voxels: islands outside, holes inside.
    if ((n * 7919) % 101 === 0 && data[n] !== 2) data[n] = data[n] === 1 ? 0 : 1;
  }
  return { grid: blobGrid, channels: 1, data };
}

export const copyOf = (labels: Labels): Labels => ({ ...labels, data: labels.data.slice() });
