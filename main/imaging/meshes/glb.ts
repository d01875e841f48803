import { z } from 'zod';
import { meshSpace, MeshMeasure, factsOf, redGreenBlue, type MeshFormat } from './meshFormat.ts';
import type { Surface } from './surface.ts';

const magic = 0x46546c67;
const jsonChunk = 0x4e4f534a;
const binaryChunk = 0x004e4942;
const float = 5126;
const unsignedInt = 5125;
const vertexBuffer = 34962;
const indexBuffer = 34963;

/**
 * glTF 2.0 in one binary file: a node a structure, with its name and colour. Vertices are LPS mm; glTF wants metres, y up and
 * models that face +z (section 3.4), and the root node's matrix, a rotation and a scale, makes that of them.
 */
export const glb: MeshFormat = {
  title: 'glTF (.glb)',
  extension: '.glb',
  loses: [],

  *encode(surfaces) {
    const arrays = surfaces.flatMap(({ positions, triangles }) => [positions, triangles]);
    const length = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const json = padded(JSON.stringify(documentOf(surfaces, length)));
    const header = Buffer.alloc(20);
    const fields = [magic, 2, 28 + json.length + length, json.length, jsonChunk];
    for (const [n, field] of fields.entries()) header.writeUInt32LE(field, 4 * n);
    yield header;
    yield json;
    const chunk = Buffer.alloc(8);
    chunk.writeUInt32LE(length, 0);
    chunk.writeUInt32LE(binaryChunk, 4);
    yield chunk;
    for (const { buffer, byteOffset, byteLength } of arrays) yield new Uint8Array(buffer, byteOffset, byteLength);
  },

  measure(bytes) {
    if (bytes.length < 20 || bytes.readUInt32LE(0) !== magic || bytes.readUInt32LE(8) !== bytes.length)
      return undefined;
    const start = 20 + bytes.readUInt32LE(12);
    const { accessors, bufferViews, meshes } = written.parse(JSON.parse(bytes.toString('utf8', 20, start)));
    const measure = new MeshMeasure();
    let triangles = 0;
    for (const { primitives } of meshes) {
      const { attributes, indices } = primitives[0]!;
      const from = (accessor: number) => start + 8 + bufferViews[accessors[accessor]!.bufferView]!.byteOffset;
      const [vertices, faces] = [from(attributes.POSITION), from(indices)];
      for (let n = 0; n < accessors[indices]!.count; n++) {
        const at = vertices + 12 * bytes.readUInt32LE(faces + 4 * n);
        measure.add(bytes.readFloatLE(at), bytes.readFloatLE(at + 4), bytes.readFloatLE(at + 8));
      }
      triangles += accessors[indices]!.count / 3;
    }
    return measure.facts(triangles);
  },
};

/** The part of a document that is read back. */
const written = z.object({
  accessors: z.array(z.object({ bufferView: z.number(), count: z.number() })),
  bufferViews: z.array(z.object({ byteOffset: z.number() })),
  meshes: z.array(
    z.object({
      primitives: z.array(z.object({ attributes: z.object({ POSITION: z.number() }), indices: z.number() })).length(1),
    }),
  ),
});

function documentOf(surfaces: readonly Surface[], byteLength: number): unknown {
  return {
    asset: { version: '2.0', generator: 'Sfumato' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [
      {
        name: 'LPS millimetres',
        // By columns: x = left, y = superior, z = anterior, in metres.
        matrix: [0.001, 0, 0, 0, 0, 0, -0.001, 0, 0, 0.001, 0, 0, 0, 0, 0, 1],
        children: surfaces.map((_, n) => n + 1),
        extras: { verticesOfChildren: meshSpace },
      },
      ...surfaces.map(({ name, value }, mesh) => ({ name, mesh, extras: { label: value } })),
    ],
    materials: surfaces.map(({ name, colour }) => ({
      name,
      pbrMetallicRoughness: { baseColorFactor: [...linear(colour), 1], metallicFactor: 0, roughnessFactor: 0.6 },
    })),
    meshes: surfaces.map(({ name }, n) => ({
      name,
      primitives: [{ attributes: { POSITION: 2 * n }, indices: 2 * n + 1, material: n }],
    })),
    accessors: surfaces.flatMap((surface, n) => accessorsOf(surface, 2 * n)),
    bufferViews: viewsOf(surfaces),
    buffers: [{ byteLength }],
  };
}

function accessorsOf(surface: Surface, view: number): readonly unknown[] {
  const { low, high } = factsOf([surface]);
  const { positions, triangles } = surface;
  return [
    { bufferView: view, componentType: float, type: 'VEC3', count: positions.length / 3, min: low, max: high },
    { bufferView: view + 1, componentType: unsignedInt, type: 'SCALAR', count: triangles.length },
  ];
}

function viewsOf(surfaces: readonly Surface[]): readonly unknown[] {
  let byteOffset = 0;
  const view = (byteLength: number, target: number) => {
    const one = { buffer: 0, byteOffset, byteLength, target };
    byteOffset += byteLength;
    return one;
  };
  return surfaces.flatMap(({ positions, triangles }) => [
    view(positions.byteLength, vertexBuffer),
    view(triangles.byteLength, indexBuffer),
  ]);
}

/** Blanks up to a multiple of 4 bytes. */
function padded(json: string): Buffer {
  const bytes = Buffer.from(json);
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4, ' ')]);
}

/** glTF's colour factors are linear (section 3.9.2); IEC 61966-2-1. */
const linear = (colour: string) =>
  redGreenBlue(colour)
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
