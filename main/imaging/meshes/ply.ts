import { meshSpace, MeshMeasure, redGreenBlue, type MeshFormat } from './meshFormat.ts';
import type { Surface } from './surface.ts';

const vertexBytes = 15;
const faceBytes = 13;

/** Binary little-endian PLY 1.0 (Turk 1994): a colour a vertex; the structures one behind the other, named in comments. */
export const ply: MeshFormat = {
  title: 'PLY (.ply)',
  extension: '.ply',
  loses: ['PLY holds the names of structures in comments only.'],

  *encode(surfaces) {
    yield Buffer.from(headerOf(surfaces));
    for (const surface of surfaces) yield verticesOf(surface);
    let first = 0;
    for (const { positions, triangles } of surfaces) {
      yield facesOf(triangles, first);
      first += positions.length / 3;
    }
  },

  measure(bytes) {
    const end = bytes.indexOf('end_header\n') + 11;
    const header = bytes.toString('utf8', 0, end);
    const count = (element: string) => Number(new RegExp(`^element ${element} (\\d+)$`, 'm').exec(header)?.[1] ?? NaN);
    const [vertices, faces] = [count('vertex'), count('face')];
    if (bytes.length !== end + vertices * vertexBytes + faces * faceBytes) return undefined;
    const measure = new MeshMeasure();
    for (let n = 0; n < faces; n++) {
      for (let corner = 0; corner < 3; corner++) {
        const vertex = bytes.readUInt32LE(end + vertices * vertexBytes + n * faceBytes + 1 + 4 * corner);
        if (vertex >= vertices) return undefined;
        const at = end + vertex * vertexBytes;
        measure.add(bytes.readFloatLE(at), bytes.readFloatLE(at + 4), bytes.readFloatLE(at + 8));
      }
    }
    return measure.facts(faces);
  },
};

function headerOf(surfaces: readonly Surface[]): string {
  let vertex = 0;
  const structures = surfaces.map(({ value, name, positions }) => {
    const from = vertex;
    vertex += positions.length / 3;
    return `comment structure ${value}, vertices ${from} to ${vertex - 1}: ${name.replaceAll(/\s+/g, ' ')}`;
  });
  return [
    'ply',
    'format binary_little_endian 1.0',
    `comment ${meshSpace}`,
    ...structures,
    `element vertex ${vertex}`,
    ...['x', 'y', 'z'].map((axis) => `property float ${axis}`),
    ...['red', 'green', 'blue'].map((colour) => `property uchar ${colour}`),
    `element face ${surfaces.reduce((sum, { triangles }) => sum + triangles.length / 3, 0)}`,
    'property list uchar uint vertex_indices',
    'end_header\n',
  ].join('\n');
}

function verticesOf({ positions, colour }: Surface): Uint8Array {
  const bytes = Buffer.alloc((positions.length / 3) * vertexBytes);
  const parts = redGreenBlue(colour);
  for (let v = 0, at = 0; v < positions.length; v += 3, at += vertexBytes) {
    for (let axis = 0; axis < 3; axis++) bytes.writeFloatLE(positions[v + axis]!, at + 4 * axis);
    bytes.set(parts, at + 12);
  }
  return bytes;
}

function facesOf(triangles: Uint32Array, first: number): Uint8Array {
  const bytes = Buffer.alloc((triangles.length / 3) * faceBytes);
  for (let t = 0, at = 0; t < triangles.length; t += 3, at += faceBytes) {
    bytes[at] = 3;
    for (let corner = 0; corner < 3; corner++) bytes.writeUInt32LE(first + triangles[t + corner]!, at + 1 + 4 * corner);
  }
  return bytes;
}
