import { join } from 'node:path';
import { writeFileAtomically } from '../../files/atomic.ts';
import { writeFolderAtomically } from '../../files/folder.ts';
import { writeNifti } from '../../imaging/nifti/write.ts';
import { mostEntropy } from '../../../ml/uncertainty/entropy.ts';
import { membershipOf } from '../models/description.ts';
import { montage } from '../../report/montage.ts';
import { segmentPage } from '../../report/segmentPage.ts';
import { reportOf, reviewOf, structuresOf, type Segmented, type StructureReport } from './report.ts';
import type { Volume, VoxelArray } from '../../../ml/volume/volume.ts';
import { colourOf } from '../../report/canvas.ts';

export const savable = ['mask', 'probability', 'entropy', 'samples', 'trajectory'] as const;

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
  { image, members: [{ model }], segmentation }: Segmented,
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
  const writeSeveral = async (name: string, masks: readonly Uint8Array[]): Promise<void> => {
    const all = new Uint8Array(masks.length * segmentation.classes.length);
    for (const [i, mask] of masks.entries()) all.set(mask, i * mask.length);
    await write(name, labelsOf(all, values), masks.length);
  };
  if (save.includes('samples')) await writeSeveral('samples', segmentation.samples);
  if (save.includes('trajectory')) await writeSeveral('trajectory', segmentation.trajectory);
}

/** From class indices to the labels' values, in the smallest unsigned type that holds them. */
export function labelsOf(classes: Uint8Array, values: readonly number[]): Uint8Array | Uint16Array {
  const labels = Math.max(...values) < 256 ? new Uint8Array(classes.length) : new Uint16Array(classes.length);
  for (let v = 0; v < classes.length; v++) labels[v] = values[classes[v]!]!;
  return labels;
}

function montageOf({ image, members, segmentation, case: name }: Segmented): Uint8Array {
  const { labels, name: modelName } = members[0].model.description;
  const values = labels.map(({ value }) => value);
  return montage({
    image: image.volume,
    labels: labelsOf(segmentation.classes, values),
    entropy: segmentation.entropy,
    mostEntropy: mostEntropy(labels.length, membershipOf(members[0].model.description)),
    structures: labels
      .slice(1)
      .map((label) => ({ value: label.value, name: label.name, colour: colourOf(label.colour) })),
    title: `${name}   ${modelName}`,
  });
}

function pageOf(
  segmented: Segmented,
  structures: readonly StructureReport[],
  warnings: readonly string[],
  picture: Uint8Array,
): string {
  const { members, engine, segmentation } = segmented;
  const [{ settings }] = members;
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
      ['Model', members.map(({ model: { description } }) => `${description.name} ${description.version}`).join(', ')],
      ['Method', settings.method],
      ...drawn,
      ['Network passes', String(segmentation.networkPasses)],
      ['Device', `${engine.device.used} (${engine.name}), ${engine.threads} threads`],
    ],
    warnings,
    montage: picture,
  });
}
