import { Problem } from '../../../../ml/check/problem.ts';
import { gridDifference } from '../../../../ml/volume/difference.ts';
import type { Grid } from '../../../../ml/volume/grid.ts';
import { type VoxelMap, voxelMap } from '../../../../ml/volume/voxelMap.ts';
import type { OpenOptions } from '../../reader.ts';
import { readDicomObject } from '../object.ts';
import type { Entry } from '../scan/entry.ts';
import { scan } from '../scan/scan.ts';
import { groupFrames } from '../series/groupFrames.ts';
import { stackFrames, type Stack } from '../series/stack.ts';
import type { SourceObject } from './source.ts';

/** The series that a segmentation belongs to. */
export interface SourceSeries {
  readonly grid: Grid;
  /** How the voxels of the segmentation lie on those of the series. */
  readonly map: VoxelMap;
  readonly objects: readonly SourceObject[];
}

/**
 * The volume at `path` on whose voxels `grid` lies.
 *
 * @throws Problem `data` where there is none, or several.
 */
export async function findSourceSeries(path: string, grid: Grid, options: OpenOptions): Promise<SourceSeries> {
  const { frames } = await scan(path, options);
  const stacks = groupFrames(frames).map(stackFrames);
  const fitting = stacks.flatMap((stack) => {
    const map = stack.isPlaced && stack.irregular.length === 0 ? voxelMap(grid, stack.grid) : undefined;
    return map === undefined ? [] : [{ stack, map }];
  });
  const [found] = fitting;
  if (found === undefined) throw noneFits(path, grid, stacks);
  if (fitting.length > 1) {
    const what = `${fitting.length} volumes here lie where the segmentation does`;
    throw new Problem('data', what, path, 'Put the one that was segmented into a folder of its own, and name that.');
  }
  return { grid: found.stack.grid, map: found.map, objects: await objectsOf(found.stack, options) };
}

async function objectsOf({ frames }: Stack<Entry>, { signal }: OpenOptions): Promise<readonly SourceObject[]> {
  const entries = new Set(frames.flat().map(({ instance }) => instance.source));
  const objects: SourceObject[] = [];
  for (const entry of entries) objects.push(await readDicomObject(await entry.open(), { pixels: false, signal }));
  return objects;
}

function noneFits(path: string, grid: Grid, [stack]: readonly Stack<Entry>[]): Problem {
  const difference = stack === undefined ? 'no DICOM image is here' : gridDifference(grid, stack.grid);
  const what = [
    'the segmentation does not lie on the voxels of this series',
    ...(difference === undefined ? [] : [difference]),
  ];
  return new Problem(
    'data',
    what.join(': '),
    path,
    'Name the series that was segmented, or resample the segmentation to it.',
  );
}
