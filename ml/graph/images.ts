// Building blocks over the spatial axes of [n, c, ...spatial].
import { makeNode } from './node.ts';
import type { ConvGeometry, Node, PoolGeometry } from './ops.ts';

/** Geometry of a convolution with the same setting along every axis. */
export const geometry = (
  dimensions: number,
  {
    stride = 1,
    padding = 0,
    dilation = 1,
    groups = 1,
  }: { stride?: number; padding?: number; dilation?: number; groups?: number } = {},
): ConvGeometry => ({
  stride: new Array<number>(dimensions).fill(stride),
  padding: new Array<readonly [number, number]>(dimensions).fill([padding, padding]),
  dilation: new Array<number>(dimensions).fill(dilation),
  groups,
});

/** x [n, c, ...s], w [o, c/groups, ...k] -> [n, o, ...]. */
export const conv = (x: Node, w: Node, attributes: ConvGeometry): Node => makeNode('conv', [x, w], attributes);

/**
 * Transposed convolution: x [n, o, ...], w [o, c/groups, ...k] -> [n, c, ...spatial], the transpose of `conv` with the same geometry
 * on an image of that spatial shape.
 */
export const convTranspose = (x: Node, w: Node, spatial: readonly number[], attributes: ConvGeometry): Node =>
  makeNode('convInputGradient', [w, x], { ...attributes, spatial });

export const averagePool = (x: Node, attributes: PoolGeometry): Node => makeNode('averagePool', [x], attributes);

export const maxPool = (x: Node, attributes: PoolGeometry): Node => makeNode('maxPool', [x], attributes);

export const resizeNearest = (x: Node, scale: readonly number[]): Node => makeNode('resizeNearest', [x], { scale });
