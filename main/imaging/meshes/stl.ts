import { meshSpace, MeshMeasure, type MeshFormat } from './meshFormat.ts';
import type { Surface } from './surface.ts';

const headerBytes = 84;
const triangleBytes = 50;

/** Binary STL (3D Systems, 1989): 80 bytes of text, a count, then each triangle with its normal. Little endian. */
export const stl: MeshFormat = {
  title: 'STL (.stl)',
  extension: '.stl',
  loses: ['STL holds triangles only: names and colours of structures are lost, and all of them are one.'],

  *encode(surfaces) {
    const header = Buffer.alloc(headerBytes, ' ');
    header.write(meshSpace, 'latin1');
    header.writeUInt32LE(
      surfaces.reduce((sum, { triangles }) => sum + triangles.length / 3, 0),
      80,
    );
    yield header;
    for (const surface of surfaces) yield trianglesOf(surface);
  },

  measure(bytes) {
    const count = bytes.length < headerBytes ? -1 : bytes.readUInt32LE(80);
    if (bytes.length !== headerBytes + count * triangleBytes) return undefined;
    const measure = new MeshMeasure();
    const number = (at: number) => bytes.readFloatLE(at);
    for (let n = 0; n < count; n++) {
      for (let corner = 1; corner < 4; corner++) {
        const at = headerBytes + n * triangleBytes + 12 * corner;
        measure.add(number(at), number(at + 4), number(at + 8));
      }
    }
    return measure.facts(count);
  },
};

function trianglesOf({ positions, triangles }: Surface): Uint8Array {
  const bytes = Buffer.alloc((triangles.length / 3) * triangleBytes);
  for (let t = 0, at = 0; t < triangles.length; t += 3, at += triangleBytes) {
    const corners = [0, 1, 2].map((n) => 3 * triangles[t + n]!);
    for (const [axis, part] of normalOf(positions, corners as [number, number, number]).entries())
      bytes.writeFloatLE(part, at + 4 * axis);
    for (const [n, corner] of corners.entries())
      for (let axis = 0; axis < 3; axis++) bytes.writeFloatLE(positions[corner + axis]!, at + 12 * (n + 1) + 4 * axis);
  }
  return bytes;
}

/** A unit vector outward; 0 where the triangle has no area. */
function normalOf(positions: Float32Array, [a, b, c]: readonly [number, number, number]): readonly number[] {
  const side = (to: number, axis: number) => positions[to + axis]! - positions[a + axis]!;
  const normal = [0, 1, 2].map((axis) => {
    const [next, last] = [(axis + 1) % 3, (axis + 2) % 3];
    return side(b, next) * side(c, last) - side(b, last) * side(c, next);
  });
  const size = Math.hypot(...normal);
  return normal.map((part) => (size > 0 ? part / size : 0));
}
