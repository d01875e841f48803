import type { IndexSurface } from './voxelSurface.ts';

/** @returns The number of the connected part that each vertex belongs to, from 0 on. */
export function surfaceParts({ positions, edges }: IndexSurface): { parts: Uint32Array; count: number } {
  const parents = Uint32Array.from({ length: positions.length / 3 }, (_, vertex) => vertex);
  const root = (vertex: number) => {
    let at = vertex;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  };
  for (let e = 0; e < edges.length; e += 2) parents[root(edges[e]!)] = root(edges[e + 1]!);
  const numbers = new Map<number, number>();
  const parts = parents.map((_, vertex) => {
    const one = root(vertex);
    const number = numbers.get(one) ?? numbers.size;
    numbers.set(one, number);
    return number;
  });
  return { parts, count: numbers.size };
}
