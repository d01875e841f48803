import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import { damaged, refuseExisting, writeFileAtomically } from '../../files/atomic.ts';
import type { Image } from '../reader.ts';
import type { ImageWriter, WriteOptions } from '../writer.ts';
import { glb } from './glb.ts';
import { factsOf, type MeshFormat } from './meshFormat.ts';
import { obj } from './obj.ts';
import { ply } from './ply.ts';
import { stl } from './stl.ts';
import { refuseAsLabels, structuresOf } from './structures.ts';
import { surfaceOf, type Surface } from './surface.ts';

export const meshWriters: readonly ImageWriter[] = [stl, obj, ply, glb].map(meshWriter);

/** More triangles than that at once do not fit in the memory and the counters of what reads meshes. */
const mostTriangles = 20_000_000;

/** The writer of one format. */
export function meshWriter(format: MeshFormat): ImageWriter {
  return {
    formats: format.title,
    handles: (path) => path.toLowerCase().endsWith(format.extension),
    refuses: (image) =>
      image.volume.grid.unit === 'mm'
        ? refuseAsLabels(image)
        : {
            what: 'a mesh is in millimetres, and the size of the voxels is not known',
            remedy: 'Give the image its spacing first.',
          },
    loses: () => format.loses,
    write: async (path, image, options) => {
      if (options.existing === 'refuse') await refuseExisting(path);
      await writeSurfaces(path, surfacesOf(image, options), format, options);
    },
  };
}

/**
 * The surfaces of all structures that have voxels.
 *
 * @throws Problem `data` where the image is no label volume or shows nothing, `memory` where the surfaces are too large.
 */
export function surfacesOf(
  image: Image,
  { smoothing = 'some', signal }: Omit<WriteOptions, 'existing'> = {},
): readonly Surface[] {
  const surfaces: Surface[] = [];
  let triangles = 0;
  for (const structure of structuresOf(image)) {
    signal?.throwIfAborted();
    if (structure.voxels === 0) continue;
    const surface = surfaceOf(structure, image.volume.grid, smoothing);
    triangles += surface.triangles.length / 3;
    if (triangles > mostTriangles)
      throw new Problem(
        'memory',
        `the surfaces have more than ${mostTriangles} triangles`,
        image.path,
        'Write fewer structures, or at a coarser spacing.',
      );
    surfaces.push(surface);
  }
  if (surfaces.length > 0) return surfaces;
  throw new Problem('data', 'the mask is empty: there is no surface', image.path, 'Use a mask that shows something.');
}

async function writeSurfaces(
  path: string,
  surfaces: readonly Surface[],
  format: MeshFormat,
  { existing }: WriteOptions,
): Promise<void> {
  const stem = basename(path).slice(0, -format.extension.length);
  const beside = `${path.slice(0, -format.extension.length)}${format.companion?.extension ?? ''}`;
  if (format.companion !== undefined)
    await writeFileAtomically(beside, format.companion.encode(surfaces), { existing });
  const hash = createHash('sha256');
  const verify = (temporary: string) => readBack(temporary, path, format, surfaces, hash.digest('hex'));
  await writeFileAtomically(path, hashed(format.encode(surfaces, stem), hash), { existing, verify }).catch(
    async (error: unknown) => {
      // One that was there before still serves the old file.
      if (format.companion !== undefined && existing === 'refuse') await rm(beside, { force: true });
      throw error;
    },
  );
}

function* hashed(parts: Iterable<Uint8Array>, hash: ReturnType<typeof createHash>): Generator<Uint8Array, void> {
  for (const part of parts) {
    hash.update(part);
    yield part;
  }
}

async function readBack(
  temporary: string,
  path: string,
  format: MeshFormat,
  surfaces: readonly Surface[],
  sha256: string,
): Promise<void> {
  const bytes = await readFile(temporary);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw damaged(path);
  const [meant, found] = [factsOf(surfaces), format.measure(bytes)];
  const isSame = (a: readonly number[], b: readonly number[]) => a.every((value, axis) => value === b[axis]);
  if (found?.triangles !== meant.triangles || !isSame(found.low, meant.low) || !isSame(found.high, meant.high))
    throw damaged(path);
}
