import type { Grid, Vector3 } from './grid.ts';
import { indexPoint, indexToWorld, worldToIndex } from './space.ts';

/** Where the voxels of a target grid fall in a source grid: source index = `start` + i `steps[0]` + j `steps[1]` + k `steps[2]`. */
export interface IndexMap {
  readonly start: Vector3;
  readonly steps: readonly [Vector3, Vector3, Vector3];
}

export function indexMap(target: Grid, source: Grid): IndexMap {
  const at = (i: number, j: number, k: number) => worldToIndex(source, indexToWorld(target, indexPoint(i, j, k)));
  const start = at(0, 0, 0);
  const step = ([x, y, z]: Vector3): Vector3 => [x - start[0], y - start[1], z - start[2]];
  return { start, steps: [step(at(1, 0, 0)), step(at(0, 1, 0)), step(at(0, 0, 1))] };
}
