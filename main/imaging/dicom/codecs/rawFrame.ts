/** A decoded frame as a codec gives it: little-endian samples of 8 bits, or 16 where they need more. */
export interface RawFrame {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  /** Bits of a sample. */
  readonly precision: number;
  readonly isSigned: boolean;
  readonly isPlanar: boolean;
  /** Samples may be a little too large for the bits of the object. */
  readonly isLossy: boolean;
}
