import { Problem } from '../../check/problem.ts';
import { sameShape, sizeOf } from '../../graph/shape.ts';
import type { Shape } from '../../graph/ops.ts';
import type { ParameterSpec } from '../../nn/parameters.ts';

/** What the first and the last layer of a network stand for. */
export interface Ends {
  /** What each input of the network shows, e.g. `T1` and, in diffusion, `mask of liver`. */
  readonly inputs: readonly string[];
  /** Names of the classes, background first. */
  readonly classes: readonly string[];
}

export interface TrainedParameter {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/**
 * First values of a network that goes on from a trained one. Inputs and classes are matched by name, so that a known structure keeps what
 * was learned of it in whatever order it comes; new ones keep their fresh values, and so does nothing else.
 *
 * @param fresh Values drawn anew, by parameter.
 * @throws Problem 'model' naming the first parameter that the trained network lacks or has in another shape.
 */
export function adoptParameters(
  specs: readonly ParameterSpec[],
  fresh: Readonly<Record<string, Float32Array>>,
  trained: ReadonlyMap<string, TrainedParameter>,
  { from, to }: { readonly from: Ends; readonly to: Ends },
): Record<string, Float32Array> {
  return Object.fromEntries(
    specs.map(({ name, shape }) => {
      const known = trained.get(name);
      const axis = axisOf(name);
      if (known && axis && fitsBut(axis.place, known.shape, shape))
        return [name, matched(known, fresh[name]!, shape, axis.place, indicesOf(axis.names(to), axis.names(from)))];
      if (known && sameShape(known.shape, shape)) return [name, known.data];
      const size = known ? `has the shape ${known.shape.join(' x ')} instead of ${shape.join(' x ')}` : 'is missing';
      const what = `its network is built otherwise: ${name} ${size}`;
      throw new Problem('model', what, '--init', 'Choose a model of the same method and strategy, or train anew.');
    }),
  );
}

/** What of the new has no counterpart in the old, in words. */
export const newIn = ({ from, to }: { readonly from: Ends; readonly to: Ends }): readonly string[] => [
  ...to.inputs.filter((name) => !from.inputs.includes(name)),
  ...to.classes.filter((name) => !from.classes.includes(name)),
];

/** The axis of a parameter that stands for inputs or classes. */
function axisOf(name: string): { place: 0 | 1; names: (ends: Ends) => readonly string[] } | undefined {
  if (name === 'stem.weight') return { place: 1, names: ({ inputs }) => inputs };
  if (name === 'head.weight' || name === 'head.bias') return { place: 0, names: ({ classes }) => classes };
  return undefined;
}

const fitsBut = (place: number, a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((extent, axis) => axis === place || extent === b[axis]);

/** For each of the new names its place among the old, -1 where it has none. */
const indicesOf = (to: readonly string[], from: readonly string[]): readonly number[] =>
  to.map((name) => from.indexOf(name));

function matched(
  { shape: oldShape, data }: TrainedParameter,
  fresh: Float32Array,
  shape: Shape,
  place: 0 | 1,
  indices: readonly number[],
): Float32Array {
  const values = fresh.slice();
  const inner = sizeOf(shape.slice(place + 1));
  const [extent, oldExtent] = [shape[place]!, oldShape[place]!];
  for (let outer = 0; outer < sizeOf(shape.slice(0, place)); outer++)
    indices.forEach((index, at) => {
      if (index < 0) return;
      const start = (outer * oldExtent + index) * inner;
      values.set(data.subarray(start, start + inner), (outer * extent + at) * inner);
    });
  return values;
}
