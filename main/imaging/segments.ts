/** A code of a terminology (DICOM PS3.3 section 8), e.g. SCT 10200004 Liver. */
export interface Code {
  readonly value: string;
  readonly scheme: string;
  readonly meaning: string;
}

/** One structure of a segmentation. */
export interface Segment {
  /** The value of its voxels, > 0, in `layer`. */
  readonly value: number;
  /** Channel of the volume that holds it: structures that overlap are in different ones. */
  readonly layer: number;
  readonly name: string;
  /** `#rrggbb` in sRGB; `null` where the file names none. */
  readonly colour: string | null;
  /** What kind of thing it is, e.g. SCT 91723000 Anatomical structure; `null` where the file does not say. */
  readonly category: Code | null;
  /** What it is; `null` where the file does not say. */
  readonly type: Code | null;
  /** Which one of its type, e.g. SCT 7771000 Left; absent where the file does not say. */
  readonly modifier?: Code | undefined;
}
