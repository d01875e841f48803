// Building blocks that move, join and reduce.
import { makeNode } from './node.ts';
import { equal, mul } from './elementwise.ts';
import { constant, iota } from './sources.ts';
import { sameShape, sizeOf } from './shape.ts';
import type { Node, OpAttributes, Shape } from './ops.ts';

export const reshape = (x: Node, shape: Shape): Node =>
  sameShape(x.shape, shape) ? x : makeNode('reshape', [x], { shape });

export const transpose = (x: Node, permutation: readonly number[]): Node => makeNode('transpose', [x], { permutation });

export const broadcastTo = (x: Node, shape: Shape): Node =>
  sameShape(x.shape, shape) ? x : makeNode('broadcastTo', [x], { shape });

export const slice = (
  x: Node,
  start: readonly number[],
  stop: readonly number[],
  step: readonly number[] = start.map(() => 1),
): Node => makeNode('slice', [x], { start, stop, step });

/** The half-open range [from, to) of one axis. */
export const sliceAxis = (x: Node, axis: number, from: number, to: number): Node =>
  slice(
    x,
    x.shape.map((_, i) => (i === axis ? from : 0)),
    x.shape.map((extent, i) => (i === axis ? to : extent)),
  );

export const pad = (x: Node, attributes: OpAttributes['pad']): Node => makeNode('pad', [x], attributes);

export const concat = (parts: readonly Node[], axis: number): Node =>
  parts.length === 1 ? parts[0]! : makeNode('concat', parts, { axis });

export const gather = (x: Node, indices: Node, axis: number): Node => makeNode('gather', [x, indices], { axis });

export const scatterAdd = (x: Node, indices: Node, axis: number, size: number): Node =>
  makeNode('scatterAdd', [x, indices], { axis, size });

export const sum = (x: Node, axes: readonly number[]): Node => (axes.length === 0 ? x : makeNode('sum', [x], { axes }));

export const mean = (x: Node, axes: readonly number[]): Node =>
  mul(sum(x, axes), 1 / sizeOf(axes.map((axis) => x.shape[axis]!)));

export const reduceMax = (x: Node, axes: readonly number[]): Node => makeNode('reduceMax', [x], { axes });

export const argMax = (x: Node, axis: number): Node => makeNode('argMax', [x], { axis });

export const softmax = (x: Node, axis: number): Node => makeNode('softmax', [x], { axis });

export const logSoftmax = (x: Node, axis: number): Node => makeNode('logSoftmax', [x], { axis });

export const matmul = (a: Node, b: Node): Node => makeNode('matmul', [a, b], {});

/** Swaps the last two axes. */
export function transposeLast(x: Node): Node {
  const rank = x.shape.length;
  return transpose(x, [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2));
}

/** labels int32 [n, 1, ...s] -> float32 [n, classes, ...s] of zeros and ones. */
export function oneHot(labels: Node, classes: number): Node {
  const values = makeNode('reshape', [iota(classes)], {
    shape: labels.shape.map((_, axis) => (axis === 1 ? classes : 1)),
  });
  return makeNode('cast', [equal(labels, values)], { to: 'float32' });
}

/** Sums a gradient over the axes that broadcasting repeated, so that it has `shape` again. */
export function reduceTo(gradient: Node, shape: Shape): Node {
  const axes = [...shape.keys()].filter((axis) => shape[axis] === 1 && gradient.shape[axis] !== 1);
  return sum(gradient, axes);
}

/** Linear interpolation to `spatial` with half-pixel centres, one matrix product an axis. x is [n, c, ...s]. */
export function resizeLinear(x: Node, spatial: Shape): Node {
  return spatial.reduce<Node>((image, extent, i) => {
    const axis = i + 2;
    const from = image.shape[axis]!;
    if (from === extent) return image;
    const order = [...image.shape.keys()].filter((other) => other !== axis).concat(axis);
    const last = transpose(image, order);
    const rows = reshape(last, [sizeOf(last.shape) / from, from]);
    const resized = matmul(rows, constant(interpolationMatrix(from, extent), [from, extent]));
    const back = [...image.shape.keys()].map((other) => order.indexOf(other));
    return transpose(reshape(resized, [...last.shape.slice(0, -1), extent]), back);
  }, x);
}

/** [from, to] row-major: column j holds the weights of the samples that make sample j; edges are repeated. */
function interpolationMatrix(from: number, to: number): number[] {
  const matrix = new Array<number>(from * to).fill(0);
  for (let j = 0; j < to; j++) {
    const centre = Math.min(from - 1, Math.max(0, ((j + 0.5) * from) / to - 0.5));
    const low = Math.floor(centre);
    const high = Math.min(from - 1, low + 1);
    matrix[low * to + j]! += 1 - (centre - low);
    matrix[high * to + j]! += centre - low;
  }
  return matrix;
}
