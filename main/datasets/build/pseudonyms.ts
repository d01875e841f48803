import { invariant } from '../../../ml/check/invariant.ts';
import { Salt } from '../../imaging/salt.ts';

/** Names for persons and cases that say nothing about them. */
export class Pseudonyms {
  readonly #salt = new Salt();
  readonly #given = new Map<string, string>();

  /** Hexadecimal. */
  get salt(): string {
    return this.#salt.hexadecimal;
  }

  /** The same for the same person. */
  of(patient: string): string {
    const pseudonym = this.#salt.pseudonym(patient);
    const other = this.#given.get(pseudonym) ?? patient;
    invariant(other === patient, 'two persons have different pseudonyms');
    this.#given.set(pseudonym, patient);
    return pseudonym;
  }

  /**
   * Ids of the cases of all persons, in the order of `cases`: `p0123456789ab_scan1`. A person's scans are numbered in an order that
   * says nothing about when they were made.
   */
  caseIds(cases: readonly { readonly patient: string; readonly key: string }[]): readonly string[] {
    const order = (key: string) => this.#salt.digest('case', key).toString('hex');
    const rank = (patient: string, key: string) =>
      cases.filter((other) => other.patient === patient && order(other.key) <= order(key)).length;
    return cases.map(({ patient, key }) => `${this.of(patient)}_scan${rank(patient, key)}`);
  }
}
