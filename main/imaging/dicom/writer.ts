import { Problem } from '../../../ml/check/problem.ts';
import { integerLabels } from '../../../ml/volume/integerLabels.ts';
import { refuseExisting } from '../../files/atomic.ts';
import { refuseAsLabels, structuresOf } from '../meshes/structures.ts';
import type { Image } from '../reader.ts';
import type { Segment } from '../segments.ts';
import type { DicomOptions, ImageWriter, WriteOptions } from '../writer.ts';
import { writeStructureSet } from './rtstruct/writeStructureSet.ts';
import type { Drawing } from './seg/request.ts';
import { writeSegmentation } from './seg/writeSegmentation.ts';
import { onSource } from './write/onSource.ts';
import { findSourceSeries } from './write/sourceSeries.ts';

export const dicomWriter: ImageWriter = {
  formats: 'DICOM segmentations (.dcm)',
  handles: (path) => /\.dcm$/i.test(path),
  // What it may hold depends on what it is to become.
  refuses: () => undefined,
  loses: (_, { dicom }) => (dicom?.as === 'fractional' ? ['DICOM holds probabilities in steps of 1/255.'] : []),
  write: async (path, image, options) => {
    const { as, source, algorithm } = options.dicom ?? unnamed;
    if (source === undefined) {
      const what = 'a DICOM segmentation refers to the series that was segmented, and none is named';
      throw new Problem('usage', what, path, 'Name its folder: --source FOLDER.');
    }
    if (options.existing === 'refuse') await refuseExisting(path);
    const { volume, segments } = as === 'fractional' ? fractionsOf(image) : labelsOf(image);
    const { signal = new AbortController().signal } = options;
    const series = await findSourceSeries(source, image.volume.grid, { signal });
    const request = {
      volume: onSource(volume, series, image.path),
      segments,
      sources: series.objects,
      description: image.description || 'Segmentation',
      drawing: drawnBy(algorithm),
    };
    if (as === 'rtstruct') await writeStructureSet(path, request, existingOf(options));
    else await writeSegmentation(path, { ...request, kind: as === 'seg' ? 'binary' : as }, existingOf(options));
  },
};

const unnamed: DicomOptions = { as: 'seg', source: undefined, algorithm: undefined };

const existingOf = ({ existing }: WriteOptions) => ({ existing });

const drawnBy = (algorithm: DicomOptions['algorithm']): Drawing =>
  algorithm === undefined ? { by: 'person' } : { by: 'model', ...algorithm };

type Drawn = Pick<Image, 'volume'> & { readonly segments: readonly Segment[] };

function labelsOf(image: Image): Drawn {
  const refusal = refuseAsLabels(image);
  if (refusal !== undefined) throw new Problem('data', refusal.what, image.path, refusal.remedy);
  const volume = integerLabels(image.volume, image.path);
  if (image.segments !== undefined) return { volume, segments: image.segments };
  const segments = structuresOf({ ...image, volume }).map(({ value, name, colour }) => ({
    ...unknown,
    value,
    layer: 0,
    name,
    colour,
  }));
  return { volume, segments };
}

const unknown = { category: null, type: null } as const;

/** Each channel is one structure. */
function fractionsOf({ path, volume, segments, components }: Image): Drawn {
  const wrong = volume.data.find((value) => !(value >= 0 && value <= 1));
  if (wrong !== undefined || components > 1) {
    const what = wrong === undefined ? `${components} numbers a voxel are no probability` : `a probability is ${wrong}`;
    throw new Problem('data', what, path, 'Use a probability map, or save labels: --as seg.');
  }
  const named = Array.from({ length: volume.channels }, (_, layer): Segment => {
    const known = segments?.find((segment) => segment.layer === layer);
    return known ?? { ...unknown, value: 1, layer, name: `structure ${layer + 1}`, colour: null };
  });
  return { volume, segments: named };
}
