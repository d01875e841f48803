/** How a viewer shows an image unless the person says otherwise. Values are the image's own, after all scaling. */
export interface Display {
  readonly windows: readonly GreyWindow[];
  /** Larger values are darker (MONOCHROME1): the values themselves are never turned round. */
  readonly inverted: boolean;
  /** Values that stand for no measurement, e.g. outside the round field of a CT. */
  readonly padding: { readonly from: number; readonly to: number } | null;
  readonly curves: readonly GreyCurve[];
  readonly overlays: readonly Overlay[];
}

/** Centre and width of the shown range (PS3.3 C.11.2.1.2). */
export interface GreyWindow {
  readonly centre: number;
  readonly width: number;
  readonly name: string;
}

/** A VOI LUT: grey of each value from `first` on; values outside take the grey of the nearest end. */
export interface GreyCurve {
  readonly first: number;
  readonly greys: ArrayLike<number>;
  readonly name: string;
}

/** A one-bit picture that lies on a slice (PS3.3 C.9.2). */
export interface Overlay {
  readonly slice: number;
  readonly time: number;
  readonly label: string;
  /** Column and row of its first pixel in the image, from 0; may lie outside. */
  readonly origin: readonly [number, number];
  /** Columns and rows. */
  readonly shape: readonly [number, number];
  /** 0 or 1 a pixel, row by row. */
  readonly mask: Uint8Array;
}
