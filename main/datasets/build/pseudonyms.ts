import { createHmac, randomBytes } from 'node:crypto';
import { invariant } from '../../../ml/check/invariant.ts';

/** Gives persons and cases names that say nothing about them; only who has the salt can tell which name a person got. */
export class Pseudonyms {
  /** Hexadecimal, 256 bits. */
  readonly salt = randomBytes(32).toString('hex');
  readonly #given = new Map<string, string>();

  /** The same for the same person. Ends of names that `groupOf` takes for parts of a person are none of it. */
  of(patient: string): string {
    const pseudonym = `p${this.#hash('patient', patient).slice(0, 12)}`;
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
    const order = (key: string) => this.#hash('case', key);
    const rank = (patient: string, key: string) =>
      cases.filter((other) => other.patient === patient && order(other.key) <= order(key)).length;
    return cases.map(({ patient, key }) => `${this.of(patient)}_scan${rank(patient, key)}`);
  }

  #hash(what: string, text: string): string {
    return createHmac('sha256', Buffer.from(this.salt, 'hex'))
      .update(JSON.stringify([what, text]))
      .digest('hex');
  }
}
