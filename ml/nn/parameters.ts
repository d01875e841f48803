import { invariant } from '../check/invariant.ts';
import { input } from '../graph/sources.ts';
import { sameShape, sizeOf } from '../graph/shape.ts';
import { stream } from '../random/stream.ts';
import type { NodeOf, Shape } from '../graph/ops.ts';

/** How a parameter starts: one number throughout, or normal with a standard deviation. */
export type Initial = { readonly constant: number } | { readonly deviation: number };

export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initial;
}

/** The parameters of a network. One that is applied twice with one store shares them: the second finds the nodes of the first. */
export class ParameterStore {
  readonly #parameters = new Map<string, { readonly spec: ParameterSpec; readonly node: NodeOf<'input'> }>();

  /** The parameter called `name`, made at its first use. */
  get(name: string, shape: Shape, initial: Initial): NodeOf<'input'> {
    const known = this.#parameters.get(name);
    if (known) {
      invariant(sameShape(known.spec.shape, shape), `${name} is used with two shapes`);
      return known.node;
    }
    const node = input(name, shape);
    this.#parameters.set(name, { spec: { name, shape, initial }, node });
    return node;
  }

  /** In the order of first use. */
  get specs(): readonly ParameterSpec[] {
    return [...this.#parameters.values()].map(({ spec }) => spec);
  }

  get nodes(): readonly NodeOf<'input'>[] {
    return [...this.#parameters.values()].map(({ node }) => node);
  }
}

/** Names inside one part of a network: `within(store, 'encoder.0')('conv.weight', ...)`. */
export type Scope = (name: string, shape: Shape, initial: Initial) => NodeOf<'input'>;

export const scopeOf =
  (store: ParameterStore): Scope =>
  (name, shape, initial) =>
    store.get(name, shape, initial);

export const within =
  (scope: Scope, part: string): Scope =>
  (name, shape, initial) =>
    scope(`${part}.${name}`, shape, initial);

/** First values of all parameters; each has its own stream, so that adding a layer leaves the others as they were. */
export function initialise(specs: readonly ParameterSpec[], seed: number): Record<string, Float32Array> {
  return Object.fromEntries(
    specs.map(({ name, shape, initial }) => {
      const values = new Float32Array(sizeOf(shape));
      if ('constant' in initial) return [name, values.fill(initial.constant)];
      const rng = stream(seed, 'initialise', name);
      return [name, values.map(() => initial.deviation * rng.normal())];
    }),
  );
}
