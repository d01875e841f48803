import type { FileFacts } from '../../files/content.ts';
import { contentFrom, inspectFile, readStart } from '../../files/content.ts';
import { isFolder } from '../../files/folder.ts';
import { dataFileNames } from '../dataFileNames.ts';
import { describeGrid } from '../describeGrid.ts';
import type { EncodedData } from '../encodedData.ts';
import { checkLength, readNumbers } from '../encodedData.ts';
import { permuteAxes } from '../permuteAxes.ts';
import type { Image, ImageReader } from '../reader.ts';
import { siblingFiles } from '../siblingFiles.ts';
import { placeMetaImage } from './geometry.ts';
import type { MetaImageHeader } from './header.ts';
import { brokenMetaImage, largestMetaImageHeader, looksLikeMetaImage, parseMetaImageHeader } from './header.ts';

export const metaImageReader: ImageReader = {
  formats: 'MetaImage (.mha, .mhd)',

  async handles(path) {
    if (await isFolder(path)) return false;
    if (/\.(mha|mhd)$/i.test(path)) return true;
    return looksLikeMetaImage(await readStart(contentFrom(await inspectFile(path), 0, false), 300));
  },

  async open(path) {
    const file = await inspectFile(path);
    const header = parseMetaImageHeader(await readStart(contentFrom(file, 0, false), largestMetaImageHeader), path);
    const { grid, warnings: further } = placeMetaImage(header, path);
    const parts = await findData(header, file);
    const { components, sizes, type, comment, modality } = header;
    const frames = sizes.slice(3).reduce((product, size) => product * size, 1);
    const files = [...new Set([path, ...parts.map((part) => part.file.path)])];
    const warnings = [...header.warnings, ...further];
    const read = async (): Promise<Image> => {
      const stored = await readNumbers(parts, header.voxelBytes / type.bytes, type, header.littleEndian);
      const voxels = stored.length / (components * frames);
      const data = permuteAxes(stored, [components, voxels, frames], [1, 0, 2]);
      const volume = { grid, channels: frames * components, data };
      const unknown = { unit: null, lossy: false, geometry: undefined };
      return {
        path,
        format: 'metaimage',
        volume,
        components,
        files,
        description: comment,
        modality,
        ...unknown,
        warnings,
      };
    };
    const shape = frames > 1 ? [...grid.shape, frames] : grid.shape.slice(0, sizes.length);
    const numbers = { shape, components, frames, dataType: type.name, files: files.length };
    const unknown = { transferSyntax: null, rescale: null, unit: null };
    const words = { path, format: 'metaimage' as const, modality: modality ?? null, description: comment, warnings };
    return [{ description: { ...words, ...numbers, ...unknown, ...describeGrid(grid) }, read }];
  },
};

/** Where the numbers are: behind the header, in one file beside it, or in several, each with its share. */
async function findData(header: MetaImageHeader, file: FileFacts): Promise<readonly EncodedData[]> {
  const { dataFile, list, headerSize, encoding, voxelBytes, type } = header;
  const isLocal = dataFile.toUpperCase() === 'LOCAL';
  const files = isLocal ? [file] : await siblingFiles(dataFileNames(dataFile, list, file.path), file.path);
  const count = voxelBytes / type.bytes / files.length;
  if (!Number.isInteger(count) || (files.length > 1 && encoding === 'ascii'))
    throw brokenMetaImage(`its voxels do not divide among ${files.length} files`, file.path);
  return files.map((one) => {
    const first = isLocal ? header.bytes : 0;
    const start = headerSize < 0 ? Math.max(first, one.size - count * type.bytes) : first + headerSize;
    const part: EncodedData = { file: one, start, encoding, skip: 0 };
    checkLength(part, count, type);
    return part;
  });
}
