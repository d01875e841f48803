import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { glb } from '../../../../main/imaging/meshes/glb.ts';
import { factsOf } from '../../../../main/imaging/meshes/meshFormat.ts';
import { obj } from '../../../../main/imaging/meshes/obj.ts';
import { ply } from '../../../../main/imaging/meshes/ply.ts';
import { stl } from '../../../../main/imaging/meshes/stl.ts';
import { meshWriter, meshWriters, surfacesOf } from '../../../../main/imaging/meshes/writer.ts';
import type { Image } from '../../../../main/imaging/reader.ts';
import { runPython } from '../../../support/python.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { ball, gridOf, grids, imageOf, painted } from './labelImages.ts';

const formats = [stl, obj, ply, glb];
const extensions = formats.map(({ extension }) => extension);

/** A ball and a box that overlap, in layers of their own, with names that formats find hard. */
function twoStructures(): Image {
  const grid = gridOf([14, 13, 12], grids.oblique);
  const size = 14 * 13 * 12;
  const data = new Uint8Array(2 * size);
  painted(grid, data.subarray(0, size), ball([6, 6, 6], 6, grid.spacing, 2));
  painted(grid, data.subarray(size), ([i, j, k]) => Number(i > 7 && j > 6 && k < 9));
  const code = { category: null, type: null };
  return imageOf(grid, data, {
    segments: [
      { value: 2, layer: 0, name: 'left "liver",\n größer', colour: '#e69f00', ...code },
      { value: 1, layer: 1, name: 'box', colour: '#0000ff', ...code },
      { value: 7, layer: 1, name: 'not there', colour: null, ...code },
    ],
  });
}

const write = (path: string, image: Image, existing: 'refuse' | 'replace' = 'refuse') =>
  meshWriters.find(({ handles }) => handles(path))!.write(path, image, { existing });

const problem = (kind: string, what: RegExp) =>
  expect.objectContaining({ kind, what: expect.stringMatching(what) as unknown }) as unknown;

/** A file as trimesh loads it: its structures, with the vertices as they stand in the file. */
interface Loaded {
  readonly names: readonly string[];
  readonly colours: readonly (readonly number[])[];
  readonly faces: number;
  readonly volume: number;
  /** [vertices, 3], each once, sorted. */
  readonly vertices: readonly (readonly number[])[];
  /** 4x4, rows, from the file's vertices to its scene. */
  readonly transform: readonly (readonly number[])[];
}

const script = `
import sys, json, numpy as np, trimesh
def colour(m):
    v = m.visual
    if v.kind == 'vertex': return v.vertex_colors[0].tolist()
    if v.kind == 'texture':
        c = getattr(v.material, 'baseColorFactor', None)
        return [int(x) for x in (v.material.main_color if c is None else c)]
    return []
def facts(path):
    scene = trimesh.load_scene(path)
    names = list(scene.geometry)
    meshes = [scene.geometry[n] for n in names]
    vertices = np.unique(np.vstack([m.vertices for m in meshes]).astype(np.float32), axis=0)
    node = scene.graph.nodes_geometry[0]
    return dict(names=names, colours=[colour(m) for m in meshes], faces=sum(len(m.faces) for m in meshes),
        volume=float(sum(m.volume for m in meshes)), vertices=vertices.tolist(), transform=scene.graph[node][0].tolist())
print(json.dumps([facts(path) for path in json.load(sys.stdin)]))
`;

const load = (paths: readonly string[]) => runPython<readonly Loaded[]>(script, [], { input: JSON.stringify(paths) });

describe('meshWriters', () => {
  it('write files that trimesh loads with the same vertices and triangles, names and colours where the format has them', async () => {
    const folder = temporaryFolder();
    const image = twoStructures();
    const paths = extensions.map((extension) => join(folder, `structures${extension}`));
    for (const path of paths) await write(path, image);
    const surfaces = surfacesOf(image);
    const [asStl, asObj, asPly, asGlb] = await load(paths);
    const wanted = new Set(surfaces.flatMap(({ positions }) => pointsOf(positions)));
    for (const loaded of [asStl!, asObj!, asPly!, asGlb!]) {
      expect(loaded.faces).toBe(factsOf(surfaces).triangles);
      expect(new Set(loaded.vertices.map(String))).toEqual(wanted);
      expect(loaded.volume).toBeCloseTo(asStl!.volume, 2);
    }
    expect(asGlb!.names).toEqual(['left "liver",\n größer', 'box']);
    expect(asObj!.colours.map(String).sort()).toEqual(['0,0,255,255', '230,159,0,255']);
    expect(asPly!.colours).toEqual([[230, 159, 0, 255]]);
    expect(readFileSync(join(folder, 'structures.obj'), 'utf8')).toContain(
      '\no 2_left_"liver",_größer\nusemtl structure_1\n',
    );
    expect(readdirSync(folder).sort()).toEqual(
      ['mtl', 'glb', 'obj', 'ply', 'stl'].map((end) => `structures.${end}`).sort(),
    );
  });

  it('say in each file that vertices are LPS millimetres', async () => {
    const folder = temporaryFolder();
    for (const extension of extensions) {
      await write(join(folder, `a${extension}`), twoStructures());
      expect(
        readFileSync(join(folder, `a${extension}`))
          .subarray(0, 3000)
          .toString('latin1'),
      ).toMatch(/LPS millimetres/);
    }
  });

  it('give glTF its metres, y up and faces to +z, by the matrix of the root', async () => {
    const path = join(temporaryFolder(), 'a.glb');
    await write(path, twoStructures());
    const [{ transform }] = (await load([path])) as [Loaded];
    // Left stays x, superior becomes y, anterior (-P) becomes z.
    expect(transform).toEqual([
      [0.001, 0, 0, 0],
      [0, 0, 0.001, 0],
      [0, -0.001, 0, 0],
      [0, 0, 0, 1],
    ]);
    const bytes = readFileSync(path);
    const document = JSON.parse(bytes.toString('utf8', 20, 20 + bytes.readUInt32LE(12))) as {
      materials: { pbrMetallicRoughness: { baseColorFactor: number[] } }[];
    };
    const [red, green, blue] = document.materials[0]!.pbrMetallicRoughness.baseColorFactor;
    // #e69f00 in linear light.
    expect([red, green, blue].map((part) => Number(part!.toFixed(4)))).toEqual([0.7913, 0.3467, 0]);
  });

  it('replace files only where they may', async () => {
    const folder = temporaryFolder();
    for (const extension of extensions) {
      const path = join(folder, `a${extension}`);
      await write(path, twoStructures());
      await expect(write(path, twoStructures())).rejects.toEqual(problem('data', /exists already/));
      await write(path, twoStructures(), 'replace');
      // Said before any surface is made.
      const empty = imageOf(gridOf([2, 1, 1]), Uint8Array.of(0, 0));
      await expect(write(path, empty)).rejects.toEqual(problem('data', /exists already/));
    }
    writeFileSync(join(folder, 'b.mtl'), 'of another');
    await expect(write(join(folder, 'b.obj'), twoStructures())).rejects.toEqual(problem('data', /exists already/));
    expect(readFileSync(join(folder, 'b.mtl'), 'utf8')).toBe('of another');
    expect(existsSync(join(folder, 'b.obj'))).toBe(false);
  });

  it('leave nothing of a file that does not read back as it was meant', async () => {
    const folder = temporaryFolder();
    for (const format of formats) {
      // A millimetre off.
      const broken = meshWriter({
        ...format,
        encode: (surfaces, stem) =>
          format.encode(
            surfaces.map((surface) => ({ ...surface, positions: surface.positions.map((part) => part + 1) })),
            stem,
          ),
      });
      await expect(
        broken.write(join(folder, `a${format.extension}`), twoStructures(), { existing: 'refuse' }),
      ).rejects.toEqual(problem('data', /did not read back/));
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it('do not take a file that was cut off for a whole one', () => {
    const surfaces = surfacesOf(twoStructures());
    for (const format of formats) {
      const bytes = Buffer.concat([...format.encode(surfaces, 'a')]);
      expect(format.measure(bytes)).toEqual(factsOf(surfaces));
      for (const length of [0, 10, 84, 400, bytes.length - 1000, bytes.length - 20])
        expect(format.measure(bytes.subarray(0, length))).not.toEqual(factsOf(surfaces));
    }
    expect(obj.measure(Buffer.from('v 0 0 0\nf 1 1 2\n'))).toBeUndefined();
  });

  it('refuse images that are no label volumes in millimetres, before and while writing', async () => {
    const grid = gridOf([2, 2, 1]);
    const labels = Uint8Array.of(1, 0, 0, 2);
    const refuses = (image: Image) => meshWriters[0]!.refuses(image, 'a.stl');
    expect(refuses(imageOf(grid, labels))).toBeUndefined();
    expect(refuses(imageOf({ ...grid, unit: 'voxel' }, labels))?.what).toMatch(/size of the voxels is not known/);
    expect(refuses(imageOf(grid, new Uint8Array(12), { components: 3 }))?.what).toMatch(/3 numbers a voxel/);
    expect(refuses(imageOf(grid, new Uint8Array(8)))?.what).toMatch(/2 volumes/);
    const path = join(temporaryFolder(), 'a.stl');
    await expect(write(path, imageOf(grid, new Uint8Array(8)))).rejects.toEqual(problem('data', /2 volumes/));
    await expect(write(path, imageOf(grid, Float32Array.of(0, 0.5, 1, 1)))).rejects.toEqual(
      problem('data', /whole numbers/),
    );
    await expect(write(path, imageOf(grid, Int16Array.of(0, -1, 1, 1)))).rejects.toEqual(
      problem('data', /whole numbers/),
    );
    await expect(write(path, imageOf(grid, new Uint8Array(4)))).rejects.toEqual(problem('data', /mask is empty/));
    expect(existsSync(path)).toBe(false);
  });

  it('refuse an image whose every voxel is another label', () => {
    const grid = gridOf([270, 270, 1]);
    const labels = Uint32Array.from({ length: 270 ** 2 }, (_, n) => n);
    expect(() => surfacesOf(imageOf(grid, labels))).toThrow(problem('data', /more than 65535 labels/));
  });

  it('stop between structures when told to', () => {
    expect(() => surfacesOf(twoStructures(), { signal: AbortSignal.abort() })).toThrow('aborted');
  });
});

const pointsOf = (positions: Float32Array): readonly string[] =>
  Array.from({ length: positions.length / 3 }, (_, v) => String(Array.from(positions.subarray(3 * v, 3 * v + 3))));
