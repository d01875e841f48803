import { orientationCode } from '../../../ml/volume/orientation.ts';
import { inspectFile, readStart } from '../../files/content.ts';
import type { Image, ImageDescription, ImageReader } from '../reader.ts';
import { largestHeader, looksLikeNifti } from './header.ts';
import { readNifti, readNiftiHeader } from './read.ts';

export const niftiReader: ImageReader = {
  formats: 'NIfTI (.nii, .nii.gz, .hdr with .img)',

  async handles(path) {
    if (/\.(nii|hdr|img)(\.gz)?$/i.test(path)) return true;
    return looksLikeNifti(await readStart(await inspectFile(path), largestHeader));
  },

  async read(path): Promise<Image> {
    const { header, volume, files, warnings } = await readNifti(path);
    const { description, geometry } = header;
    return { path, format: 'nifti', volume, files, description, modality: undefined, geometry, warnings };
  },

  async describe(path): Promise<ImageDescription> {
    const { header, placement, components, frames, files, warnings } = await readNiftiHeader(path);
    const { grid } = placement;
    return {
      path,
      format: 'nifti',
      modality: null,
      description: header.description,
      shape: frames > 1 ? [...grid.shape, frames] : grid.shape.slice(0, Math.max(2, header.geometry.axes)),
      components,
      dataType: header.dataType.name,
      spacing: grid.unit === 'mm' ? grid.spacing : null,
      origin: grid.origin,
      direction: grid.direction,
      orientation: orientationCode(grid),
      transferSyntax: null,
      rescale: header.rescale ?? null,
      unit: null,
      frames,
      files: files.length,
      warnings,
    };
  },
};
