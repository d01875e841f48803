import type { StructureMask } from '../../imaging/meshes/structureMask.ts';

/** Numbers of voxels of the connected parts, the largest first. Voxels are connected by faces, as the surfaces of meshes are. */
export function partSizes({ shape, data }: StructureMask): readonly number[] {
  const left = data.slice();
  const waiting = new Uint32Array(data.reduce((sum, inside) => sum + inside, 0));
  const strides = [1, shape[0], shape[0] * shape[1]];
  const steps = strides.flatMap((stride) => [-stride, stride]);
  const sizes: number[] = [];
  for (let start = 0; start < left.length; start++) {
    if (left[start] === 0) continue;
    left[start] = 0;
    waiting[0] = start;
    let found = 1;
    for (let next = 0; next < found; next++) {
      for (const step of steps) {
        const neighbour = waiting[next]! + step;
        if (left[neighbour] === 0) continue;
        left[neighbour] = 0;
        waiting[found++] = neighbour;
      }
    }
    sizes.push(found);
  }
  return sizes.toSorted((a, b) => b - a);
}
