import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { indexPoint, indexToWorld } from '../../../../../ml/volume/space.ts';
import { distance } from '../../../../../ml/volume/matrix.ts';
import type { Vector3 } from '../../../../../ml/volume/grid.ts';
import type { Image } from '../../../../../main/imaging/reader.ts';
import { runPython } from '../../../../support/python.ts';
import { vector3 } from '../../../../support/tuples.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';

/** What highdicom makes of a SEG file. */
export interface TheirSegmentation {
  readonly error?: string;
  readonly names: readonly string[];
  readonly numbers: readonly number[];
  /** `#rrggbb` or null. */
  readonly colours: readonly (string | null)[];
  readonly types: readonly string[];
  /** Slices, rows, columns. */
  readonly shape: Vector3;
  /** 4 x 4, row-major nested: from (slice, row, column) to LPS mm. */
  readonly affine: readonly (readonly number[])[];
  /** float32 from 0 to 1, segment slowest. */
  readonly file: string;
}

const script = `
import json, sys, warnings
import numpy as np, highdicom as hd
warnings.simplefilter('ignore')
out, results = sys.argv[1], []
for n, path in enumerate(sys.argv[2:]):
    try:
        seg = hd.seg.segread(path)
        numbers = [int(s) for s in seg.segment_numbers if int(s) > 0]
        volume = seg.get_volume(segment_numbers=numbers, combine_segments=False, rescale_fractional=True, allow_missing_positions=True)
        array = np.moveaxis(np.asarray(volume.array), -1, 0).astype(np.float32)
        file = '%s/%d.raw' % (out, n)
        np.ascontiguousarray(array).tofile(file)
        described = [seg.get_segment_description(s) for s in numbers]
        colour = lambda d: None if 'RecommendedDisplayCIELabValue' not in d else '#%02x%02x%02x' % hd.color.CIELabColor.from_dicom_value(d.RecommendedDisplayCIELabValue).to_rgb()
        results.append(dict(names=[d.segment_label for d in described], numbers=numbers, colours=[colour(d) for d in described],
                            types=[d.segmented_property_type.value for d in described], shape=list(array.shape[1:]),
                            affine=np.asarray(volume.affine).tolist(), file=file))
    except Exception as error:
        results.append(dict(error=str(error).strip().split(chr(10))[0]))
print(json.dumps(results))
`;

export function readTheirs(paths: readonly string[]): Promise<TheirSegmentation[]> {
  return runPython<TheirSegmentation[]>(script, [temporaryFolder(), ...paths]);
}

/** Largest difference of a voxel at one place; every voxel of theirs that we do not hold must be empty. */
export function largestDifference(ours: Image, theirs: TheirSegmentation): number {
  const bytes = readFileSync(join(theirs.file));
  const data = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const [slices, rows, columns] = theirs.shape;
  const { grid } = ours.volume;
  expect(grid.shape).toEqual([columns, rows, slices]);
  const area = rows * columns;
  const voxels = area * slices;
  let worst = 0;
  for (const [n, segment] of (ours.segments ?? []).entries()) {
    for (let k = 0; k < slices; k++) {
      const theirSlice = sliceAt(ours, theirs, k);
      for (let pixel = 0; pixel < area; pixel++) {
        const stored = ours.volume.data[segment.layer * voxels + k * area + pixel]!;
        const mine = ours.unit === null ? Number(stored === segment.value) : stored;
        worst = Math.max(worst, Math.abs(mine - data[n * voxels + theirSlice * area + pixel]!));
      }
    }
  }
  return worst;
}

/** The slice of theirs at the place of ours; all its corners must agree to a micrometre. */
function sliceAt({ volume: { grid } }: Image, { affine, shape }: TheirSegmentation, k: number): number {
  const theirs = (s: number, r: number, c: number): Vector3 =>
    vector3(affine.slice(0, 3).map((row) => row[0]! * s + row[1]! * r + row[2]! * c + row[3]!));
  const ours = (i: number, j: number) => indexToWorld(grid, indexPoint(i, j, k));
  const slice = Array.from({ length: shape[0] }, (_, s) => s).find((s) => distance(theirs(s, 0, 0), ours(0, 0)) < 1e-3);
  expect(slice, `a slice of theirs at the place of slice ${k}`).toBeDefined();
  expect(distance(theirs(slice!, shape[1] - 1, shape[2] - 1), ours(shape[2] - 1, shape[1] - 1))).toBeLessThan(1e-3);
  return slice!;
}
