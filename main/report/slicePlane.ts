import type { SliceAxis } from '../../ml/uncertainty/sliceRanking.ts';
import type { Grid } from '../../ml/volume/grid.ts';
import type { VoxelArray } from '../../ml/volume/volume.ts';
import type { Plane } from './resizePlane.ts';

interface ScreenAxis {
  readonly axis: 0 | 1 | 2;
  /** Whether the index falls to the right or downwards. */
  readonly reversed: boolean;
}

/** How the slices across one index axis are shown: as radiologists look at them, patient right on the left. */
export interface View {
  readonly sliceAxis: 0 | 1 | 2;
  readonly horizontal: ScreenAxis;
  readonly vertical: ScreenAxis;
  /** Anatomical directions at the left, top, right and bottom edge; undefined for a picture, whose sides have no meaning. */
  readonly letters:
    { readonly left: string; readonly top: string; readonly right: string; readonly bottom: string } | undefined;
  readonly name: 'axial' | 'coronal' | 'sagittal' | 'picture';
}

type WorldAxis = 0 | 1 | 2;

// LPS axes to the right and downwards on the screen, and whether the screen goes against them (DICOM PS3.3 C.7.6.1.1.1 for the letters).
const conventions = {
  axial: { right: 0, down: 1, downReversed: false },
  coronal: { right: 0, down: 2, downReversed: true },
  sagittal: { right: 1, down: 2, downReversed: true },
} as const satisfies Record<string, { right: WorldAxis; down: WorldAxis; downReversed: boolean }>;

const positive = ['L', 'P', 'S'] as const;
const negative = ['R', 'A', 'I'] as const;

/** The view across an index axis; an oblique volume is named by the nearest plane. */
export function viewAcross(grid: Grid, sliceAxis: SliceAxis): View {
  const across = { i: 0, j: 1, k: 2 } as const;
  const slice = across[sliceAxis];
  if (grid.shape[2] === 1) return pictureView;
  const normal = nearestWorldAxis(grid, slice, [0, 1, 2]);
  const name = (['sagittal', 'coronal', 'axial'] as const)[normal];
  const { right, down, downReversed } = conventions[name];
  const [first, second] = ([0, 1, 2] as const).filter((axis) => axis !== slice);
  const firstIsHorizontal = nearestWorldAxis(grid, first!, [right, down]) === right;
  const [h, v] = firstIsHorizontal ? [first!, second!] : [second!, first!];
  return {
    sliceAxis: slice,
    horizontal: { axis: h, reversed: component(grid, right, h) < 0 },
    vertical: { axis: v, reversed: component(grid, down, v) < 0 !== downReversed },
    letters: {
      left: negative[right],
      right: positive[right],
      top: downReversed ? positive[down] : negative[down],
      bottom: downReversed ? negative[down] : positive[down],
    },
    name,
  };
}

const pictureView: View = {
  sliceAxis: 2,
  horizontal: { axis: 0, reversed: false },
  vertical: { axis: 1, reversed: false },
  letters: undefined,
  name: 'picture',
};

const component = ({ direction }: Grid, world: WorldAxis, axis: 0 | 1 | 2) => direction[3 * world + axis]!;

function nearestWorldAxis(grid: Grid, axis: 0 | 1 | 2, among: readonly WorldAxis[]): WorldAxis {
  return among.reduce((best, world) =>
    Math.abs(component(grid, world, axis)) > Math.abs(component(grid, best, axis)) ? world : best,
  );
}

/**
 * One slice, turned as the view says.
 *
 * @param data [k, j, i] on `grid`.
 * @param pick What is shown of a voxel.
 */
export function slicePlane(
  data: VoxelArray,
  grid: Grid,
  { sliceAxis, horizontal, vertical }: View,
  index: number,
  pick: (value: number) => number,
): Plane {
  const strides = [1, grid.shape[0], grid.shape[0] * grid.shape[1]] as const;
  const width = grid.shape[horizontal.axis];
  const height = grid.shape[vertical.axis];
  const plane = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = vertical.reversed ? height - 1 - y : y;
    for (let x = 0; x < width; x++) {
      const column = horizontal.reversed ? width - 1 - x : x;
      const v = index * strides[sliceAxis] + row * strides[vertical.axis] + column * strides[horizontal.axis];
      plane[y * width + x] = pick(data[v]!);
    }
  }
  return { width, height, data: plane };
}
