import type { NodeOf, OpAttributes, Shape } from '../../../graph/ops.ts';
import type { Emitter } from '../onnx/emitter.ts';

export const slice = (
  emitter: Emitter,
  x: string,
  start: readonly number[],
  stop: readonly number[],
  step: readonly number[],
): string =>
  emitter.emit('Slice', [
    x,
    emitter.indices(start),
    emitter.indices(stop),
    emitter.indices([...start.keys()]),
    emitter.indices(step),
  ]);

/** ONNX has no padding between neighbours: there each axis is split into [extent, 1], padded behind, and joined again. */
export function pad(emitter: Emitter, x: string, shape: Shape, { low, high, interior }: OpAttributes['pad']): string {
  let spread = x;
  let current = [...shape];
  for (const [axis, between] of interior.entries()) {
    if (between === 0) continue;
    const extent = current[axis]!;
    const split = [...current.slice(0, axis + 1), 1, ...current.slice(axis + 1)];
    const behind = split.map((_, i) => (i === axis + 1 ? between : 0));
    const padded = padEdges(
      emitter,
      emitter.emit('Reshape', [spread, emitter.indices(split)]),
      split.map(() => 0),
      behind,
    );
    const joined = current.map((size, i) => (i === axis ? extent * (between + 1) : size));
    const whole = emitter.emit('Reshape', [padded, emitter.indices(joined)]);
    current = joined.map((size, i) => (i === axis ? size - between : size));
    spread = slice(
      emitter,
      whole,
      current.map(() => 0),
      current,
      current.map(() => 1),
    );
  }
  return [...low, ...high].some((amount) => amount > 0) ? padEdges(emitter, spread, low, high) : spread;
}

const padEdges = (emitter: Emitter, x: string, low: readonly number[], high: readonly number[]): string =>
  emitter.emit('Pad', [x, emitter.indices([...low, ...high])], { mode: 'constant' });

/** ScatterElements wants an index for every value. */
export function scatterAdd(emitter: Emitter, node: NodeOf<'scatterAdd'>, [x, indices]: readonly string[]): string {
  const { axis } = node.attributes;
  const operand = node.inputs[0]!.shape;
  const line = operand.map((extent, i) => (i === axis ? extent : 1));
  const spread = emitter.emit('Expand', [
    emitter.emit('Reshape', [indices!, emitter.indices(line)]),
    emitter.indices(operand),
  ]);
  const zeros = emitter.emit('Expand', [emitter.float([0], []), emitter.indices(node.shape)]);
  return emitter.emit('ScatterElements', [zeros, spread, x!], { axis, reduction: 'add' });
}
