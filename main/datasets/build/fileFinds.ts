import { basename } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import { integerLabels } from '../../../ml/volume/integerLabels.ts';
import { caseName } from '../../imaging/caseName.ts';
import { readImage } from '../../imaging/image.ts';
import type { Label } from '../dataset.ts';
import { readDescription } from '../description.ts';
import type { Drawn, FoundImage, FoundLabel, Patient } from './found.ts';
import { filePlaces, isLabelName, labelStem, rootOf } from './places.ts';

const volumeName = /\.(nii|nii\.gz|nrrd|nhdr|mha|mhd)$/i;

export const isVolumeFile = (path: string): boolean => volumeName.test(path);

interface Named {
  readonly path: string;
  readonly stem: string;
}

/**
 * Images and labels among files that hold one volume each, told apart by folder (`images` and `labels`, `imagesTr` and `labelsTr`)
 * or name (`case7_seg`); nnU-Net's `CASE_0000` are sequences of `CASE`.
 *
 * @param patientOf The person of a file, told from its name.
 * @throws Problem 'data' where a `dataset.json` beside them is broken, 'usage' where the pattern finds no person.
 */
export async function fileFinds(
  paths: readonly string[],
  patientOf: (stem: string, path: string) => Patient,
): Promise<{ images: readonly FoundImage[]; labels: readonly FoundLabel[] }> {
  const named = paths.map((path) => ({ path, stem: caseName(path) }));
  const isLabel = ({ path, stem }: Named) => isLabelName(path, stem);
  const descriptions = new Map(
    await Promise.all(
      [...new Set(paths.map(rootOf))].map(async (root) => [root, await readDescription(root)] as const),
    ),
  );
  const labels = named.filter(isLabel).map((file) => {
    const stem = labelStem(file.path, file.stem);
    return labelOf(file.path, stem, descriptions.get(rootOf(file.path))?.labels);
  });
  const stems = new Set(labels.map(({ places }) => places[0]));
  const images = named
    .filter((file) => !isLabel(file))
    .map(({ path, stem }) => {
      const whole = stems.has(filePlaces(path, stem)[0]);
      const [, base = stem, digits = '0'] = (whole ? undefined : /^(.+)_(\d{4})$/.exec(stem)) ?? [];
      const channels = descriptions.get(rootOf(path))?.channels;
      return imageOf(path, base, Number(digits), channels, patientOf(base, path));
    });
  return { images, labels };
}

function imageOf(
  path: string,
  stem: string,
  number: number,
  channels: readonly string[] | undefined,
  patient: Patient,
): FoundImage {
  const places = filePlaces(path, stem);
  return {
    path,
    patient,
    exam: places[0]!,
    frames: [],
    places,
    words: basename(path),
    modality: undefined,
    number,
    channels,
    read: (options) => readImage(path, options),
  };
}

function labelOf(path: string, stem: string, names: readonly Label[] | undefined): FoundLabel {
  const read = (signal: AbortSignal) => readDrawn(path, names, signal);
  const places = filePlaces(path, stem);
  return {
    path,
    exam: places[0]!,
    series: [],
    isDicom: false,
    places,
    structures: async (signal) => (await read(signal)).structures,
    read: (_grid, signal) => read(signal),
  };
}

async function readDrawn(path: string, names: readonly Label[] | undefined, signal: AbortSignal): Promise<Drawn> {
  const { volume, segments, warnings } = await readImage(path, { signal });
  const whole = integerLabels(volume, path);
  if (segments !== undefined) {
    const structures = segments.map(({ name, type, value, layer }) => ({ name, code: type, value, layer }));
    return { volume: whole, structures, warnings };
  }
  if (volume.channels !== 1) {
    const what = `a label has one value a voxel, and here are ${volume.channels}`;
    throw new Problem('data', what, path, 'Use one label map a case.');
  }
  const known = new Map(names?.map(({ value, name }) => [value, name]));
  const structures = [...new Set<number>(whole.data)]
    .filter((value) => value !== 0)
    .sort((a, b) => a - b)
    .map((value) => ({ name: known.get(value) ?? `label_${value}`, code: null, value, layer: 0 }));
  return { volume: whole, structures, warnings };
}
