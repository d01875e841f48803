import vtkDataArray from '@kitware/vtk.js/Common/Core/DataArray';
import vtkImageData from '@kitware/vtk.js/Common/DataModel/ImageData';
import type { Grid, Vector3 } from '../../ml/volume/grid.ts';
import { column } from '../../ml/volume/matrix.ts';
import type { VoxelArray } from '../../ml/volume/volume.ts';

/** Voxels of every `steps`-th index along each axis. */
export interface Thinned {
  readonly grid: Grid;
  readonly data: VoxelArray;
}

/** No texture is larger along any side: some graphics processors take no more than this. */
const mostVoxels = 256;

/** Fewer voxels for the 3-D view alone, where there are more than its texture may have. @param data One channel [k, j, i]. */
export function thinOut(grid: Grid, data: VoxelArray): Thinned {
  const steps = grid.shape.map((size) => Math.ceil(size / mostVoxels));
  const [a = 1, b = 1, c = 1] = steps;
  if (a * b * c === 1) return { grid, data };
  const [width, height, depth] = grid.shape;
  const shape: Vector3 = [Math.ceil(width / a), Math.ceil(height / b), Math.ceil(depth / c)];
  const thin = data.slice(0, shape[0] * shape[1] * shape[2]);
  let at = 0;
  for (let k = 0; k < depth; k += c) {
    for (let j = 0; j < height; j += b) {
      for (let i = 0; i < width; i += a) thin[at++] = data[(k * height + j) * width + i]!;
    }
  }
  const spacing: Vector3 = [grid.spacing[0] * a, grid.spacing[1] * b, grid.spacing[2] * c];
  return { grid: { ...grid, shape, spacing }, data: thin };
}

/** As vtk.js takes a volume: its direction is column by column. */
export function toImageData({ grid, data }: Thinned): ReturnType<typeof vtkImageData.newInstance> {
  const { shape, spacing, origin, direction } = grid;
  const image = vtkImageData.newInstance({ spacing: [...spacing], origin: [...origin] });
  image.setDimensions(shape[0], shape[1], shape[2]);
  image.setDirection([...column(direction, 0), ...column(direction, 1), ...column(direction, 2)]);
  image.getPointData().setScalars(vtkDataArray.newInstance({ numberOfComponents: 1, values: data }));
  return image;
}
