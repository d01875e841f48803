import type { Transport } from './transport.ts';

/** What the preload script of the desktop window puts on `window.sfumato`. */
export interface Bridge extends Transport {
  /** Path of a dropped file. */
  readonly pathOf: (file: File) => string;
}
