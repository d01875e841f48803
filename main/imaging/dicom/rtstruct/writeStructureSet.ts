import { type AtomicOptions, damaged, writeFileAtomically } from '../../../files/atomic.ts';
import { implicitLittleEndian } from '../elements.ts';
import { readDicomObject } from '../object.ts';
import { refuseImpossible, type SegmentationRequest } from '../seg/request.ts';
import { fileBytes } from '../write/file.ts';
import { maskOf } from './maskOf.ts';
import { rasterise } from './rasterise.ts';
import { readStructureSet } from './readStructureSet.ts';
import { structureSetAttributes } from './structureSetAttributes.ts';

/** Label volumes to be written as contours. */
export type StructureSetRequest = Omit<SegmentationRequest, 'kind'>;

/**
 * Writes the outlines of labels as an RTSTRUCT object (PS3.3 A.19) of the study of its sources, in a new series: closed planar contours in the
 * slices of the grid, midway between the centres of voxels, holes joined to their outlines by a keyhole. Filling them gives exactly the labels
 * again, which is tried on the written file before it gets its name. In Implicit VR, since a long contour does not fit in Explicit VR.
 *
 * @throws Problem `data` where a source names no study, the file exists, the disk is full, ...
 */
export async function writeStructureSet(
  path: string,
  request: StructureSetRequest,
  options: Pick<AtomicOptions, 'existing'> = {},
): Promise<void> {
  refuseImpossible({ ...request, kind: 'binary' }, path);
  await writeFileAtomically(path, fileBytes(structureSetAttributes(request), implicitLittleEndian), {
    ...options,
    verify: (temporary) => compare(temporary, request, path),
  });
}

async function compare(temporary: string, { volume, segments }: StructureSetRequest, path: string): Promise<void> {
  const set = readStructureSet(await readDicomObject(temporary, { pixels: true }));
  const found = rasterise(set, volume.grid);
  if (found.segments.length !== segments.length) throw damaged(path);
  for (const [n, segment] of segments.entries()) {
    for (let slice = 0; slice < volume.grid.shape[2]; slice++) {
      const meant = maskOf(volume, segment, slice);
      const read = maskOf(found.volume, found.segments[n] ?? segment, slice);
      if (meant.some((value, pixel) => value !== read[pixel])) throw damaged(path);
    }
  }
}
