import { join } from 'node:path';
import { invariant } from '../../../ml/check/invariant.ts';
import { writeFileAtomically } from '../../files/atomic.ts';
import { writeFolderAtomically } from '../../files/folder.ts';
import { writeNifti } from '../../imaging/nifti/write.ts';
import { montage } from '../../report/montage.ts';
import { segmentPage } from '../../report/segmentPage.ts';
import { reportOf, reviewOf, structuresOf, type Segmented, type StructureReport } from './report.ts';
import type { Volume, VoxelArray } from '../../../ml/volume/volume.ts';
import type { Colour } from '../../report/canvas.ts';

export const savable = ['mask', 'probability', 'entropy', 'samples'] as const;

export type Savable = (typeof savable)[number];

export interface Written {
  readonly folder: string;
  readonly report: Awaited<ReturnType<typeof reportOf>> & { readonly seconds: { readonly total: number } };
  readonly structures: readonly StructureReport[];
}

/**
 * Writes what `segment` leaves for one image: the chosen volumes on exactly the image's grid, report.json, report.html and the
 * montage. The folder is whole or not there.
 */
export async function writeSegmentation(
  folder: string,
  segmented: Segmented,
  save: readonly Savable[],
  existing: 'refuse' | 'replace',
): Promise<Written> {
  const started = performance.now();
  return writeFolderAtomically(
    folder,
    async (temporary) => {
      await writeVolumes(temporary, segmented, save);
      const picture = montageOf(segmented);
      await writeFileAtomically(join(temporary, 'montage.png'), picture);
      const report = await reportOf(segmented);
      const structures = structuresOf(segmented);
      await writeFileAtomically(
        join(temporary, 'report.html'),
        pageOf(segmented, structures, report.warnings, picture),
      );
      const { preprocess, network, postprocess } = segmented.segmentation.seconds;
      const read = segmented.readSeconds;
      const write = (performance.now() - started) / 1000;
      const seconds = {
        read,
        preprocess,
        network,
        postprocess,
        write,
        total: read + preprocess + network + postprocess + write,
      };
      const whole = { ...report, seconds, peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024) };
      await writeFileAtomically(join(temporary, 'report.json'), `${JSON.stringify(whole, undefined, 2)}\n`);
      return { folder, report: whole, structures };
    },
    existing,
  );
}

async function writeVolumes(
  folder: string,
  { image, model, segmentation }: Segmented,
  save: readonly Savable[],
): Promise<void> {
  const { grid } = image.volume;
  const { geometry } = image;
  const values = model.description.labels.map(({ value }) => value);
  const write = (name: string, data: VoxelArray, channels: number): Promise<void> => {
    const volume: Volume = { grid, channels, data };
    return writeNifti(join(folder, `${name}.nii.gz`), volume, { geometry, description: `sfumato ${name}` });
  };
  if (save.includes('mask')) await write('mask', labelsOf(segmentation.classes, values), 1);
  if (save.includes('probability')) await write('probability', segmentation.probability, values.length);
  if (save.includes('entropy')) await write('entropy', segmentation.entropy, 1);
  if (!save.includes('samples')) return;
  const { samples, classes } = segmentation;
  const all = new Uint8Array(samples.length * classes.length);
  for (const [i, sample] of samples.entries()) all.set(sample, i * classes.length);
  await write('samples', labelsOf(all, values), samples.length);
}

/** From class indices to the labels' values, in the smallest unsigned type that holds them. */
export function labelsOf(classes: Uint8Array, values: readonly number[]): Uint8Array | Uint16Array {
  const labels = Math.max(...values) < 256 ? new Uint8Array(classes.length) : new Uint16Array(classes.length);
  for (let v = 0; v < classes.length; v++) labels[v] = values[classes[v]!]!;
  return labels;
}

function montageOf({ image, model, segmentation, case: name }: Segmented): Uint8Array {
  const { labels, name: modelName } = model.description;
  const values = labels.map(({ value }) => value);
  return montage({
    image: image.volume,
    labels: labelsOf(segmentation.classes, values),
    entropy: segmentation.entropy,
    mostEntropy: Math.log2(labels.length),
    structures: labels
      .slice(1)
      .map((label) => ({ value: label.value, name: label.name, colour: colourOf(label.colour) })),
    title: `${name}   ${modelName}`,
  });
}

function colourOf(text: string): Colour {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
  invariant(red !== undefined && green !== undefined && blue !== undefined, `${text} is a colour`);
  return [red, green, blue];
}

function pageOf(
  segmented: Segmented,
  structures: readonly StructureReport[],
  warnings: readonly string[],
  picture: Uint8Array,
): string {
  const { settings, model, engine, segmentation } = segmented;
  const drawn =
    settings.method === 'direct'
      ? []
      : [
          ['Samples', String(settings.samples)] as const,
          ['Sampling steps', `${settings.steps} (${settings.sampler.toUpperCase()})`] as const,
          ['Seed', String(settings.seed)] as const,
        ];
  return segmentPage({
    case: segmented.case,
    structures: structures.map((structure) => ({ ...structure, colour: colourOf(structure.colour) })),
    slicesToReview: reviewOf(segmented),
    settings: [
      ['Model', `${model.description.name} ${model.description.version}`],
      ['Method', settings.method],
      ...drawn,
      ['Network passes', String(segmentation.networkPasses)],
      ['Device', `${engine.device.used} (${engine.name}), ${engine.threads} threads`],
    ],
    warnings,
    montage: picture,
  });
}
