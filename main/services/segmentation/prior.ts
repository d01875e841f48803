import { Problem } from '../../../ml/check/problem.ts';
import type { Engine } from '../../../ml/engines/engine.ts';
import { gridDifference } from '../../../ml/volume/difference.ts';
import { integerLabels } from '../../../ml/volume/integerLabels.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import { readImage } from '../../imaging/image.ts';
import { membershipOf } from '../models/description.ts';
import type { Membership } from '../../../ml/nn/classProbability.ts';
import type { Model } from '../models/folder.ts';
import { requireSameLabels } from './members.ts';
import { Segmenter, type SegmentOptions } from './segmenter.ts';
import { resolveSettings } from './settings.ts';

/** What a chain starts from in place of the model's own segmentor: a file of the same image, or another model. */
export type PriorSource = { readonly file: string } | { readonly model: Model };

/** Gives class probabilities [classes, k, j, i] on the image's own grid. */
export interface Prior {
  /** As a report says it. */
  readonly name: string;
  of(image: Volume, options: Pick<SegmentOptions, 'allowedMiB' | 'onPass'>): Promise<Volume<Float32Array>>;
  dispose(): Promise<void>;
}

/** @throws Problem 'model' where another model segments other structures or has no direct network. */
export function openPrior(source: PriorSource, model: Model, engine: Engine): Prior {
  const values = model.description.labels.map(({ value }) => value);
  if ('file' in source)
    return {
      name: 'a given mask',
      of: (image) => readPrior(source.file, image, values, membershipOf(model.description)),
      dispose: () => Promise.resolve(),
    };
  requireSameLabels(source.model, model, '--prior');
  const { name } = source.model.description;
  const settings = resolveSettings(source.model, { method: 'direct' });
  const segmenter = new Segmenter([{ model: source.model, settings }], engine);
  return {
    name: `model ${name}`,
    of: async (image, options) => {
      const { probability } = await segmenter.segment(image, { ...options, keepSamples: false });
      return { grid: image.grid, channels: values.length, data: probability };
    },
    dispose: () => segmenter.dispose(),
  };
}

/**
 * Reads a mask of label values, probabilities of all classes as channels, or (for one structure) its probability.
 *
 * @throws Problem 'data' where it lies elsewhere than the image, or holds anything else.
 */
async function readPrior(
  path: string,
  image: Volume,
  values: readonly number[],
  membership: Membership,
): Promise<Volume<Float32Array>> {
  const { volume } = await readImage(path);
  const difference = gridDifference(image.grid, volume.grid);
  if (difference !== undefined)
    throw new Problem(
      'data',
      `mask and image differ in ${difference}`,
      path,
      'Draw or resample the mask on its image.',
    );
  if (membership === 'independent' && volume.channels === 1)
    throw new Problem(
      'data',
      'the structures of the model may overlap, which one number a voxel cannot show',
      path,
      'Give a probability for every class, as --save probability writes them.',
    );
  const data =
    volume.channels === 1 ? fromOneChannel(volume, values, path) : fromProbabilities(volume, values, membership, path);
  return { grid: volume.grid, channels: values.length, data };
}

function fromOneChannel(volume: Volume, values: readonly number[], path: string): Float32Array {
  const isProbability = values.length === 2 && volume.data.some((value) => !Number.isInteger(value));
  if (!isProbability) return oneHot(integerLabels(volume, path).data, values, path);
  const foreground = Float32Array.from(volume.data);
  return checked([foreground.map((p) => 1 - p), foreground], path, 1);
}

function fromProbabilities(
  { channels, data }: Volume,
  values: readonly number[],
  membership: Membership,
  path: string,
): Float32Array {
  if (channels !== values.length) {
    const what = `there are ${channels} numbers a voxel, and the model has ${values.length} classes`;
    throw new Problem('data', what, path, 'Give a mask of label values, or a probability for every class.');
  }
  const voxels = data.length / channels;
  const classes = values.map((_, c) => Float32Array.from(data.subarray(c * voxels, (c + 1) * voxels)));
  return checked(classes, path, membership === 'exclusive' ? 1 : undefined);
}

function oneHot(labels: ArrayLike<number>, values: readonly number[], path: string): Float32Array {
  const result = new Float32Array(values.length * labels.length);
  for (let v = 0; v < labels.length; v++) {
    const at = values.indexOf(labels[v]!);
    if (at < 0) {
      const what = `label value ${labels[v]!} is not one of the model (${values.join(', ')} are)`;
      throw new Problem('data', what, path, 'Give a mask of the structures that the model knows.');
    }
    result[at * labels.length + v] = 1;
  }
  return result;
}

/** How far a sum of rounded probabilities may be from 1. */
const TOLERANCE = 0.01;

/** The classes one after the other, where they are probabilities that add up to `sum`, if that is given. */
function checked(classes: readonly Float32Array[], path: string, sum: number | undefined): Float32Array {
  const voxels = classes[0]?.length ?? 0;
  const result = new Float32Array(classes.length * voxels);
  for (let v = 0; v < voxels; v++) {
    const total = classes.reduce((before, values) => before + values[v]!, 0);
    const fits = sum === undefined || Math.abs(total - sum) < TOLERANCE;
    // Written so that not-a-number is refused too.
    if (!classes.every((values) => values[v]! >= 0 && values[v]! <= 1) || !fits)
      throw new Problem(
        'data',
        `voxel ${v} holds no probabilities`,
        path,
        `They lie in 0 to 1${sum === undefined ? '' : ` and add up to ${sum}`}.`,
      );
  }
  classes.forEach((values, c) => {
    result.set(values, c * voxels);
  });
  return result;
}
