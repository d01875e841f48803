import { type Encoding, explicitLittleEndian, readElements } from './elements.ts';

/** Value representations of PS3.5 table 6.2-1. */
const vrs = new Set(
  'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(' '),
);

const prefix = [0x44, 0x49, 0x43, 0x4d];
const hasPrefix = (bytes: Uint8Array, at: number) => prefix.every((byte, index) => bytes[at + index] === byte);

/** Where the file meta information starts: after the preamble and `DICM` (PS3.10 section 7.1), or at once where a writer left them out. */
export function metaStart(bytes: Uint8Array): number {
  if (hasPrefix(bytes, 128)) return 132;
  return hasPrefix(bytes, 0) ? 4 : 0;
}

/**
 * How an element at `at` is written, by its look; `undefined` where there is none.
 *
 * @param stated What the transfer syntax says; decides about byte order where the look does not.
 */
export function guessEncoding(bytes: Uint8Array, at: number, stated = explicitLittleEndian): Encoding | undefined {
  if (bytes.length < at + 8) return undefined;
  // Data sets start with a group below 0100, private ones apart.
  const isSmall = { little: bytes[at + 1] === 0, big: bytes[at] === 0 };
  const littleEndian = isSmall.little === isSmall.big ? stated.littleEndian : isSmall.little;
  return { explicit: vrs.has(String.fromCharCode(bytes[at + 4]!, bytes[at + 5]!)), littleEndian };
}

/** Whether a file that starts with these bytes is DICOM: it says so, or starts with elements of group 0002 or 0008 in order. */
export function isDicom(start: Uint8Array): boolean {
  if (metaStart(start) > 0) return true;
  const encoding = guessEncoding(start, 0) ?? explicitLittleEndian;
  const group = encoding.littleEndian ? [start[0], start[1]] : [start[1], start[0]];
  if (group[1] !== 0 || (group[0] !== 2 && group[0] !== 8)) return false;
  const { byTag, isWhole } = readElements(start, { start: 0, end: Math.min(start.length, 4096), encoding });
  const found = [...byTag.keys()];
  const inOrder = found.every((tag, index) => index === 0 || tag > found[index - 1]!);
  return inOrder && (found.length > 1 || (found.length === 1 && isWhole));
}
