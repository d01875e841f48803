import type { Rng } from './rng.ts';

/** A copy in random order, every order as likely (Fisher-Yates; Knuth, TAOCP 2, algorithm 3.4.2P). */
export function shuffle<T>(items: readonly T[], rng: Rng): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const chosen = rng.integer(last + 1);
    [shuffled[last], shuffled[chosen]] = [shuffled[chosen]!, shuffled[last]!];
  }
  return shuffled;
}
