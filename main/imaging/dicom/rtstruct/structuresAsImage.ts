import type { Grid } from '../../../../ml/volume/grid.ts';
import type { Image } from '../../reader.ts';
import { rasterise } from './rasterise.ts';
import type { StructureSet } from './structureSet.ts';

/** A structure set as an image on the grid of the series that it was drawn on, or any other. */
export function structuresAsImage(structures: StructureSet, grid: Grid): Image {
  const { volume, segments, warnings } = rasterise(structures, grid);
  return {
    path: structures.path,
    format: 'dicom',
    volume,
    components: 1,
    segments,
    unit: null,
    lossy: false,
    files: [structures.path],
    description: structures.description,
    modality: 'RTSTRUCT',
    geometry: undefined,
    warnings: [...structures.warnings, ...warnings],
  };
}
