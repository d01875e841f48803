import { firstOf, type PhaseAxis } from './phases.ts';
import { indicesOf } from './filterRows.ts';
import type { Image } from './image.ts';
import type { Lowerer } from './lowerer.ts';

/** The rows and columns of one phase of a fine cell, as a cell of their own. */
export function phasePlane(
  lowerer: Lowerer,
  name: string,
  { c, space }: Image,
  axes: readonly PhaseAxis[],
  [py, px]: readonly [number, number],
): string {
  const { block, emitter } = lowerer;
  const [sy, sx] = [axes[1]!.phases.length, axes[2]!.phases.length];
  if (sy === 1 && sx === 1) return name;
  return lowerer.once(`phase ${py} ${px} of ${name}`, () => {
    const blocks = Math.ceil(c / block);
    const extents = [blocks, space[1] / sy, space[2] / sx];
    const chosen = lowerer.once(`phase ${py} ${px} of ${sy} ${sx} ${extents.join()}`, () =>
      emitter.constant(
        'int32',
        indicesOf(extents).map(([channel, y, x]) => (channel! * space[1] + sy * y! + py) * space[2] + sx * x! + px),
        extents,
      ),
    );
    const pixels = lowerer.reshape(name, [blocks * space[1] * space[2], block]);
    const plane = emitter.emit('Gather', [pixels, chosen], { axis: 0 });
    return lowerer.reshape(plane, [1, blocks * block, extents[1]!, extents[2]!]);
  });
}

/** For a coarse slice of an operand: the fine slices whose phase sees it, with phase and tap. */
export function slicesSeeing(coarse: number, depth: number, axis: PhaseAxis) {
  return axis.phases.flatMap((taps, phase) =>
    taps.flatMap((tapsOfFilter, tap) => {
      const position = coarse + axis.before - tap - firstPosition(phase, axis);
      const slice = axis.phases.length * position + phase;
      return tapsOfFilter.length > 0 && position >= 0 && slice < depth ? [{ phase, tap, slice }] : [];
    }),
  );
}

/** Position on the coarse grid of the first fine index of a phase. */
export const firstPosition = (phase: number, axis: PhaseAxis): number =>
  axis.phases.length === 1 ? 0 : firstOf(phase);
