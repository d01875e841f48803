import { runPython } from '../../../support/python.ts';

/** What trimesh makes of a mesh, its vertices in LPS mm. */
export interface Measured {
  readonly watertight: boolean;
  readonly windingConsistent: boolean;
  readonly volume: number;
  readonly area: number;
  /** Low and high corner. */
  readonly bounds: readonly [readonly number[], readonly number[]];
  readonly centroid: readonly number[];
  readonly bodies: number;
  readonly faces: number;
}

const script = `
import sys, json, trimesh
def facts(m):
    return dict(watertight=bool(m.is_watertight), windingConsistent=bool(m.is_winding_consistent), volume=float(m.volume),
        area=float(m.area), bounds=m.bounds.tolist(), centroid=m.center_mass.tolist(), bodies=int(m.body_count), faces=len(m.faces))
print(json.dumps([facts(trimesh.load_mesh(path)) for path in json.load(sys.stdin)]))
`;

/** STL or PLY files as trimesh reads them: vertices at one place are merged. */
export const measureMeshes = (paths: readonly string[]): Promise<readonly Measured[]> =>
  runPython(script, [], { input: JSON.stringify(paths) });
