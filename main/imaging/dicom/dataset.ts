import type { Tag } from './tags.ts';

/**
 * The attributes of a DICOM object or of one item of a sequence (PS3.5). Every getter gives `undefined`, or nothing, where the attribute
 * is absent, empty or of another kind: what an object must have is for its reader to say, with words of its own.
 */
export interface Dataset {
  has(tag: Tag): boolean;
  /** The value representation that the object names, else the standard. */
  vr(tag: Tag): string | undefined;
  /** The first value of a text attribute, in the character set of the object (0008,0005), without padding. */
  text(tag: Tag): string | undefined;
  texts(tag: Tag): readonly string[];
  /** The first value of DS, IS, US, SS, UL, SL, FL, FD, UV, SV. */
  number(tag: Tag): number | undefined;
  /** All of them, and the words of OB, OW, OL, OF, OD, OV. A value of DS or IS that is empty or no number is NaN. */
  numbers(tag: Tag): readonly number[];
  /** Tags that an AT attribute points to. */
  tags(tag: Tag): readonly Tag[];
  /** Items of a sequence. */
  items(tag: Tag): readonly Dataset[];
  /** The stored bytes of a value that is no sequence and no encapsulated pixel data, in the byte order of the object. */
  bytes(tag: Tag): Uint8Array | undefined;
}
