import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { slicesToReview, sliceAxis, type SliceToReview } from '../../../ml/uncertainty/sliceRanking.ts';
import { mostEntropy } from '../../../ml/uncertainty/entropy.ts';
import { maskOfClass } from '../../../ml/uncertainty/labelMap.ts';
import { volumeRange, voxelSize, type VolumeRange } from '../../../ml/uncertainty/volumeRange.ts';
import { orientationCode } from '../../../ml/volume/orientation.ts';
import type { Engine } from '../../../ml/engines/engine.ts';
import type { Image } from '../../imaging/reader.ts';
import { membershipOf } from '../models/description.ts';
import { identityOf, type Model } from '../models/folder.ts';
import type { Members } from './members.ts';
import type { Segmentation } from './segmenter.ts';

/** Everything that a report says of one segmented image. */
export interface Segmented {
  readonly case: string;
  readonly image: Image;
  readonly members: Members;
  readonly engine: Engine;
  readonly segmentation: Segmentation;
  /** What a chain started from, where that is not the model's own segmentor. */
  readonly prior?: string | undefined;
  /** Seconds it took to read the image. */
  readonly readSeconds: number;
  readonly warnings: readonly string[];
}

export interface StructureReport {
  readonly value: number;
  readonly name: string;
  readonly colour: string;
  readonly voxels: number;
  /** Of the whole structure, with what of it the written mask shows as another that lies in it; in the unit of `range`. */
  readonly volume: number;
  readonly range: VolumeRange;
  readonly meanEntropyBits: number | undefined;
}

/** Slices that a report names for review. */
const SLICES = 10;

export function structuresOf({ image, members, segmentation }: Segmented): readonly StructureReport[] {
  const [{ model }] = members;
  const { classes, probability, entropy, classVoxels } = segmentation;
  const { grid } = image.volume;
  const membership = membershipOf(model.description);
  return model.description.labels.slice(1).map(({ value, name, colour }, i) => {
    const mask = maskOfClass(probability, classes, i + 1, membership);
    const voxels = mask.reduce((sum, isIn) => sum + isIn, 0);
    const bits = entropy.reduce((sum, own, v) => sum + own * mask[v]!, 0);
    return {
      value,
      name,
      colour,
      voxels,
      volume: voxels * voxelSize(grid).size,
      range: volumeRange(classVoxels[i + 1]!, grid),
      meanEntropyBits: voxels === 0 ? undefined : bits / voxels,
    };
  });
}

export const reviewOf = ({ image, segmentation }: Segmented): readonly SliceToReview[] => {
  const { grid } = image.volume;
  return slicesToReview(segmentation.classes, segmentation.entropy, grid, sliceAxis(grid), SLICES);
};

/** report.json of cli.md, but for the seconds and memory that are known once everything else is written. */
export async function reportOf(segmented: Segmented) {
  const { image, members, engine, segmentation, warnings } = segmented;
  const [{ model, settings }] = members;
  const { grid, channels } = image.volume;
  return {
    schema: 1,
    case: segmented.case,
    input: {
      files: image.files.length,
      sha256: await hashFiles(image.files),
      shape: channels === 1 ? grid.shape : [...grid.shape, channels],
      spacing: grid.unit === 'mm' ? grid.spacing : null,
      orientation: orientationCode(grid),
      modality: image.modality ?? null,
    },
    model: identityOf(model),
    /** All models of an ensemble of several, the first among them. */
    members: members.length > 1 ? members.map((member) => identityOf(member.model)) : null,
    method: settings.method,
    sampler: settings.method === 'direct' ? null : settings.sampler,
    steps: settings.method === 'direct' ? null : settings.steps,
    start: settings.method === 'direct' ? null : settings.start,
    prior: settings.method === 'pd-ddpm' ? (segmented.prior ?? 'own segmentor') : null,
    networkPasses: segmentation.networkPasses,
    samples: settings.samples,
    augmented: settings.augment,
    fusion: settings.fusion,
    temperature: settings.temperature,
    seed: settings.seed,
    engine: engine.name,
    device: engine.device.used,
    deviceReasons: engine.device.reasons,
    threads: engine.threads,
    patch: segmentation.patch,
    structures: structuresOf(segmented).map(structureEntry),
    mostEntropyBits: mostEntropy(model.description.labels.length, membershipOf(model.description)),
    slicesToReview: reviewOf(segmented),
    warnings: [...warnings, ...segmentation.warnings, ...overlapWarnings(model)],
  };
}

/** What a mask of one value a voxel cannot show. */
const overlapWarnings = ({ description }: Model): string[] =>
  membershipOf(description) === 'exclusive'
    ? []
    : [
        'Structures may overlap: where they do, the mask shows the last of them in the list. Volumes are of whole structures; --save probability writes each by itself.',
      ];

function structureEntry({ range, volume, meanEntropyBits, value, name, voxels }: StructureReport) {
  const volumes =
    range.unit === 'mL'
      ? { volumeMl: volume, volumeMlLow: range.low, volumeMlHigh: range.high }
      : { volumeMl: null, volumeMlLow: null, volumeMlHigh: null, voxelsLow: range.low, voxelsHigh: range.high };
  return { value, name, voxels, ...volumes, volumeRange: range.range, meanEntropyBits: meanEntropyBits ?? null };
}

/** SHA-256 of the files' bytes, one after the other in the order they were read. */
async function hashFiles(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files)
    for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) hash.update(chunk);
  return hash.digest('hex');
}
