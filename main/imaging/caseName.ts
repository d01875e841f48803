import { basename } from 'node:path';

/** The extensions of images, so that a dot within a name stays. */
const extensions = /\.(nii|hdr|img|(?:seg\.)?nrrd|nhdr|mha|mhd|dcm|zip|png|jpe?g|tiff?|bmp)$/i;

/** Names that Windows keeps for devices, with any extension. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * The name of an image without extensions, as a folder name that is safe on every system: letters, digits, `.`, `_`, `-`;
 * everything else becomes `_`.
 */
export function caseName(path: string): string {
  const name = basename(path.replaceAll('\\', '/')).normalize('NFC').replace(/\.gz$/i, '').replace(extensions, '');
  const safe = name
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '_')
    .slice(0, 100)
    .replace(/^\.+|\.+$/g, '');
  if (safe === '') return 'case';
  return reserved.test(safe) ? `_${safe}` : safe;
}
