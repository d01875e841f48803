import { inspectFile, contentFrom, readStart } from '../../files/content.ts';
import { isFolder } from '../../files/folder.ts';
import { describeGrid } from '../describeGrid.ts';
import { readNumbers } from '../encodedData.ts';
import { permuteAxes } from '../permuteAxes.ts';
import type { Image, ImageReader } from '../reader.ts';
import { findNrrdData } from './data.ts';
import type { NrrdPlacement } from './geometry.ts';
import { placeNrrd } from './geometry.ts';
import type { NrrdHeader } from './header.ts';
import { parseNrrdHeader } from './header.ts';
import { segmentsOfKeys } from './segments.ts';
import { largestNrrdHeader, looksLikeNrrd, parseNrrdText } from './text.ts';

export const nrrdReader: ImageReader = {
  formats: 'NRRD (.nrrd, .nhdr, .seg.nrrd)',

  async handles(path) {
    if (await isFolder(path)) return false;
    if (/\.(nrrd|nhdr)$/i.test(path)) return true;
    return looksLikeNrrd(await readStart(contentFrom(await inspectFile(path), 0, false), 10));
  },

  async open(path) {
    const file = await inspectFile(path);
    const text = parseNrrdText(await readStart(contentFrom(file, 0, false), largestNrrdHeader), path);
    const header = parseNrrdHeader(text, path);
    const placement = placeNrrd(header, path);
    const parts = await findNrrdData(header, file);
    const files = [...new Set([path, ...parts.map((part) => part.file.path)])];
    const facts = factsOf(header, placement);
    const read = async (): Promise<Image> => {
      const stored = await readNumbers(parts, header.voxelBytes / header.type.bytes, header.type, header.littleEndian);
      const { space, components, frames } = placement.roles;
      const sizes = header.axes.map(({ size }) => size);
      const data = permuteAxes(stored, sizes, [...space, ...components, ...frames]);
      const volume = { grid: placement.grid, channels: facts.components * facts.frames, data };
      const { description, warnings, unit } = facts;
      const segments = segmentsOfKeys(text.keys, volume.channels);
      const rest = { description, unit, lossy: false, modality: undefined, geometry: undefined, warnings };
      return { path, format: 'nrrd', volume, components: facts.components, segments, files, ...rest };
    };
    const { components, frames, ...description } = facts;
    const numbers = { components, frames, dataType: header.type.name, transferSyntax: null, rescale: null };
    const places = describeGrid(placement.grid);
    return [
      {
        description: {
          path,
          format: 'nrrd',
          modality: null,
          ...description,
          ...numbers,
          ...places,
          files: files.length,
        },
        read,
      },
    ];
  },
};

function factsOf({ axes, warnings, content, unit }: NrrdHeader, { grid, roles, warnings: further }: NrrdPlacement) {
  const product = (numbers: readonly number[]) => numbers.reduce((all, n) => all * axes[n]!.size, 1);
  const frames = product(roles.frames);
  const shape = frames > 1 ? [...grid.shape, frames] : grid.shape.slice(0, roles.space.length);
  const components = product(roles.components);
  return { shape, components, frames, description: content, unit, warnings: [...warnings, ...further] };
}
