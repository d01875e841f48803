import { meanScores } from '../../../ml/evaluation/caseScores.ts';
import type { CasePicture } from '../../report/evaluation.ts';
import type { Answer } from './contestant.ts';

/** Cases of which a report shows pictures. */
const MOST = 5;

/** Draws the cases of lowest mean Dice while they are at hand: what is drawn later on would have to be segmented again. */
export class WorstCases {
  readonly #pictures: (CasePicture & { readonly dice: number })[] = [];

  offer(name: string, { structures }: Answer, draw: () => Uint8Array): void {
    const { dice } = meanScores(structures);
    const best = this.#pictures.at(-1);
    if (best && this.#pictures.length === MOST && best.dice <= dice) return;
    this.#pictures.push({ case: name, dice, png: draw() });
    this.#pictures.sort((a, b) => a.dice - b.dice);
    this.#pictures.length = Math.min(this.#pictures.length, MOST);
  }

  /** The worst first. */
  get pictures(): readonly CasePicture[] {
    return this.#pictures.map(({ case: name, png }) => ({ case: name, png }));
  }
}
