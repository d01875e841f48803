import { createHmac, randomBytes } from 'node:crypto';

/** Turns what names a person into what says nothing about it; only who has the salt can tell which became what. */
export class Salt {
  /** 256 bits. */
  readonly hexadecimal = randomBytes(32).toString('hex');

  /** 32 bytes, the same for the same text of the same kind. */
  digest(kind: string, text: string): Buffer {
    return createHmac('sha256', Buffer.from(this.hexadecimal, 'hex'))
      .update(JSON.stringify([kind, text]))
      .digest();
  }

  /** `p0123456789ab`. Ends of names that `groupOf` takes for parts of a person are none of it. */
  pseudonym(patient: string): string {
    return `p${this.digest('patient', patient).toString('hex').slice(0, 12)}`;
  }
}
