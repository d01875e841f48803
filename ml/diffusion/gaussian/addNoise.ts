import type { NoiseSchedule } from '../schedules/noiseSchedule.ts';
import { scheduleAt } from '../schedules/noiseSchedule.ts';
import { combine } from './combine.ts';

/**
 * Draws x_t ~ q(x_t | x_0), Ho et al. 2020 eq. 4.
 *
 * @param xStart Float32Array [n, k, ...spatial], diffusion space [-1, 1].
 * @param eps    Float32Array of the same shape, standard normal.
 * @param t      Index into the schedule.
 * @param target Where x_t is written; may be xStart or eps.
 * @returns      target.
 */
export function addNoise(
  xStart: Float32Array,
  eps: Float32Array,
  t: number,
  schedule: NoiseSchedule,
  target: Float32Array = new Float32Array(xStart.length),
): Float32Array {
  const { alphaCumprodT } = scheduleAt(schedule, t);
  return combine(Math.sqrt(alphaCumprodT), xStart, Math.sqrt(1 - alphaCumprodT), eps, target);
}

/** The xStart from which `addNoise` with eps makes xT: Ho et al. 2020, eq. 15. Shapes as there. */
export function solveXStart(
  xT: Float32Array,
  eps: Float32Array,
  t: number,
  schedule: NoiseSchedule,
  target: Float32Array = new Float32Array(xT.length),
): Float32Array {
  const { alphaCumprodT } = scheduleAt(schedule, t);
  return combine(Math.sqrt(1 / alphaCumprodT), xT, -Math.sqrt(1 / alphaCumprodT - 1), eps, target);
}

/** The eps with which `addNoise` makes xT of xStart. Shapes as there. */
export function solveEps(
  xT: Float32Array,
  xStart: Float32Array,
  t: number,
  schedule: NoiseSchedule,
  target: Float32Array = new Float32Array(xT.length),
): Float32Array {
  const { alphaCumprodT } = scheduleAt(schedule, t);
  return combine(
    Math.sqrt(1 / (1 - alphaCumprodT)),
    xT,
    -Math.sqrt(alphaCumprodT / (1 - alphaCumprodT)),
    xStart,
    target,
  );
}
