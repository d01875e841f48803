import { contentFrom, inspectFile, readBytes, readStart } from '../../files/content.ts';
import { numberTypes } from '../decodeNumbers.ts';
import { readJpegHeader } from '../dicom/codecs/codestream.ts';
import { nameColours } from '../dicom/codecs/jpeg/colours.ts';
import { decodeWebAssembly } from '../dicom/codecs/webAssembly.ts';
import type { OpenPicture, PictureFormat } from './picture.ts';
import { brokenPicture, checkClaim } from './picture.ts';

/** Cameras put previews and notes before the frame header; more than this is no picture. */
const longestStart = 1 << 20;

export const jpeg: PictureFormat = {
  looksLike: (start) => start[0] === 0xff && start[1] === 0xd8 && start[2] === 0xff,
  open: openJpeg,
};

/** Baseline, extended and progressive JPEG of 8 bits, grey or of three colours, which are given as RGB. */
async function openJpeg(path: string): Promise<OpenPicture> {
  const file = await inspectFile(path);
  const raw = contentFrom(file, 0, false);
  const found = readJpegHeader(await readStart(raw, Math.min(file.size, longestStart)));
  if (found === undefined) throw brokenPicture('it has no frame header', path);
  const { rows: height, columns: width, samples: components, precision, process, namesColours } = found;
  if (precision !== 8 || (components !== 1 && components !== 3) || process === undefined || process > 0xc2)
    throw brokenPicture(
      `JPEG of ${components} x ${precision} bits and process ${process ?? '?'} is not supported`,
      path,
    );
  if (width === 0 || height === 0) throw brokenPicture('it says no size', path);
  // A block of 64 samples takes at least two bits; progressive files may leave almost all of it out.
  checkClaim(width * height * components, file.size, 2048, path);
  const read = async () => {
    const bytes = await readBytes(raw, 0, file.size);
    const named = components === 3 && namesColours !== true ? nameColours(bytes, 'YCbCr') : bytes;
    const frame = await decodeWebAssembly('jpeg', named).catch((error: unknown) => {
      throw brokenPicture('it is cut off or damaged', path, error);
    });
    if (frame.bytes.length !== width * height * components) throw brokenPicture('it is not of the size it says', path);
    return frame.bytes;
  };
  const one = { slices: 1, frames: 1, hasAlpha: false, spacing: undefined, lossy: true };
  const warnings = ['JPEG changes values when it compresses; edges may be blurred.'];
  return { header: { width, height, components, type: numberTypes.uint8, ...one, warnings }, read };
}
