import type { Rng } from './rng.ts';

/** Overwrites the target with standard normals. */
export function fillNormal(target: Float32Array, rng: Rng): void {
  for (let i = 0; i < target.length; i++) target[i] = rng.normal();
}
