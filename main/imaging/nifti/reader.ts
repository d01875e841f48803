import { basename } from 'node:path';
import { inspectFile, readStart } from '../../files/content.ts';
import { isFolder } from '../../files/folder.ts';
import { describeGrid } from '../describeGrid.ts';
import type { Image, ImageDescription, ImageReader } from '../reader.ts';
import { largestHeader, looksLikeNifti } from './header.ts';
import type { NiftiFacts } from './read.ts';
import { openNifti } from './read.ts';

export const niftiReader: ImageReader = {
  formats: 'NIfTI and ANALYZE (.nii, .nii.gz, .hdr with .img)',

  async handles(path) {
    if (await isFolder(path)) return false;
    if (/\.(nii|hdr|img)(\.gz)?$/i.test(basename(path))) return true;
    return looksLikeNifti(await readStart(await inspectFile(path), largestHeader));
  },

  async open(path) {
    const { facts, readVolume } = await openNifti(path);
    const { header, components, files, warnings } = facts;
    const read = async (): Promise<Image> => ({
      path,
      format: header.version === 0 ? 'analyze' : 'nifti',
      volume: await readVolume(),
      components,
      unit: null,
      lossy: false,
      files,
      description: header.description,
      modality: undefined,
      geometry: header.version === 0 ? undefined : header.geometry,
      warnings,
    });
    return [{ description: describe(path, facts), read }];
  },
};

function describe(
  path: string,
  { header, placement, components, frames, files, warnings }: NiftiFacts,
): ImageDescription {
  const { grid } = placement;
  return {
    path,
    format: header.version === 0 ? 'analyze' : 'nifti',
    modality: null,
    description: header.description,
    shape: frames > 1 ? [...grid.shape, frames] : grid.shape.slice(0, Math.max(2, header.geometry.axes)),
    components,
    dataType: header.dataType.name,
    ...describeGrid(grid),
    transferSyntax: null,
    rescale: header.rescale ?? null,
    unit: null,
    frames,
    files: files.length,
    warnings,
  };
}
