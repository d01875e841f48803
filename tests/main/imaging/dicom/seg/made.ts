import fc from 'fast-check';
import type { Grid } from '../../../../../ml/volume/grid.ts';
import { voxelCount } from '../../../../../ml/volume/grid.ts';
import { nearestOrthonormal } from '../../../../../ml/volume/matrix.ts';
import { indexPoint, indexToWorld, worldToIndex } from '../../../../../ml/volume/space.ts';
import { determinant } from '../../../../../ml/volume/matrix.ts';
import type { Volume } from '../../../../../ml/volume/volume.ts';
import { matrix3, vector3 } from '../../../../support/tuples.ts';
import type { Segment } from '../../../../../main/imaging/segments.ts';
import type { Image } from '../../../../../main/imaging/reader.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const triple = (min: number, max: number) => fc.tuple(number(min, max), number(min, max), number(min, max));

/** Oblique, anisotropic, right- and left-handed. */
export const grids: fc.Arbitrary<Grid> = fc
  .record({
    shape: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 })),
    spacing: triple(0.2, 6),
    origin: triple(-500, 500),
    axes: fc.tuple(triple(-1, 1), triple(-1, 1), triple(-1, 1)),
  })
  .map(({ axes, ...rest }) => ({ ...rest, axes: matrix3(axes.flat()) }))
  .filter(({ axes }) => Math.abs(determinant(axes)) > 0.1)
  .map(({ axes, ...rest }) => ({ ...rest, unit: 'mm' as const, direction: nearestOrthonormal(axes) }));

export const segment = (value: number, layer: number, name = `structure ${value}`): Segment => ({
  value,
  layer,
  name,
  colour: '#e69f00',
  category: null,
  type: null,
});

/** Labels 0 to 3 in one or two layers. */
export const labelled: fc.Arbitrary<{ volume: Volume<Uint8Array>; segments: readonly Segment[] }> = fc
  .tuple(grids, fc.integer({ min: 1, max: 2 }))
  .chain(([grid, channels]) =>
    fc
      .uint8Array({ minLength: voxelCount(grid) * channels, maxLength: voxelCount(grid) * channels, max: 3 })
      .map((data) => ({
        volume: { grid, channels, data },
        segments: Array.from({ length: channels }, (_, layer) =>
          [1, 3].map((value) => segment(value, layer, `s${value} ${layer}`)),
        ).flat(),
      })),
  );

/**
 * The value of each voxel of `grid` where `image` puts it, for segment `n`: 0 or 1, or a fraction. Voxels the image does not hold are 0; its own
 * that lie nowhere in `grid` are an error.
 */
export function valuesOn(grid: Grid, { volume, segments, unit }: Image, n: number): number[] {
  const found = new Array<number>(voxelCount(grid)).fill(0);
  const [columns, rows, slices] = volume.grid.shape;
  const { layer, value } = segments![n]!;
  for (let k = 0, at = layer * columns * rows * slices; k < slices; k++)
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++, at++) {
        const index = worldToIndex(grid, indexToWorld(volume.grid, indexPoint(i, j, k)));
        const [x, y, z] = vector3(index.map(Math.round));
        const isOn = [x, y, z].every(
          (place, axis) => Math.abs(place - index[axis]!) < 1e-4 && place >= 0 && place < grid.shape[axis]!,
        );
        if (!isOn) throw new Error('a voxel lies beside the grid');
        const stored = volume.data[at]!;
        found[(z * grid.shape[1] + y) * grid.shape[0] + x] = unit === null ? Number(stored === value) : stored;
      }
  return found;
}
