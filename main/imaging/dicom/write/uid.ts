import { randomUUID } from 'node:crypto';

/** A new unique identifier: a random UUID as a decimal number under the root 2.25 (PS3.5 B.2). */
export const newUid = () => `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
