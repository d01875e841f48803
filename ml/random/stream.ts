import { invariant } from '../check/invariant.ts';
import type { Rng } from './rng.ts';
import { seedSequence } from './seedSequence.ts';
import { Xoshiro128 } from './xoshiro.ts';
import { drawNormal } from './ziggurat.ts';

class Stream implements Rng {
  readonly #generator: Xoshiro128;

  constructor(state: Uint32Array) {
    this.#generator = new Xoshiro128(state);
  }

  uniform(): number {
    return this.#generator.uniform();
  }

  integer(bound: number): number {
    invariant(Number.isSafeInteger(bound) && bound > 0, `an integer below ${bound} does not exist`);
    return Math.floor(this.#generator.uniform() * bound);
  }

  normal(): number {
    return drawNormal(this.#generator);
  }
}

/**
 * The stream of a seed for one purpose. The same seed and keys give the same numbers; others give an independent stream
 * (`1` and `'1'` are different keys).
 *
 * @param seed Any finite number.
 * @param keys What the numbers are for, e.g. `'noise', step`. Finite numbers or any strings.
 */
export function stream(seed: number, ...keys: readonly (string | number)[]): Rng {
  const path = [seed, ...keys];
  invariant(
    path.every((key) => typeof key === 'string' || Number.isFinite(key)),
    `the stream ${path.join('/')} has a key that is not finite`,
  );
  // JSON writes each list of keys in one way only and never writes a zero character, so different keys are different entropy.
  return new Stream(seedSequence(Array.from(JSON.stringify(path), (character) => character.codePointAt(0)!)));
}
