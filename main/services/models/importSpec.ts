// What a person says of a network that was made elsewhere: the file holds its operations and weights and nothing of what they mean.

import { z } from 'zod';
import { normalisationSchema } from '../../../ml/data/normalise.ts';
import { activationNames } from '../../../ml/inference/foreignConfig.ts';
import { fields } from './description.ts';

const { name, version, task, licence, modality } = fields.shape;
const word = z.string().trim().min(1).max(200);
const side = z.int().min(1).max(4096);

export const importSpec = z
  .strictObject({
    /** What the library calls it. */
    name,
    version: version.default('1.0.0'),
    /** What it is for, one sentence. */
    task,
    licence,
    modality: modality.default('OT'),
    /** Names of the sequences, in the order in which the network takes them. */
    channels: z.array(word).min(1).max(64),
    /** Background first; the values in a mask are the places in this list where nothing else is said. */
    labels: z
      .array(
        z.union([word, z.strictObject({ value: z.int().min(0).max(65_535), name: word })], {
          error: 'neither a name nor { "value": 1, "name": "..." }',
        }),
      )
      .min(2)
      .max(256),
    /** Directions in which the indices of the axes behind the channels rise. */
    axes: z.string().optional(),
    /** Voxels of the window that the network sees, along `axes`. */
    patch: z.array(side).min(2).max(3),
    /** Between voxels, along `axes`. */
    spacing: z.array(z.number().positive()).min(2).max(3),
    unit: z.enum(['mm', 'voxel']).default('mm'),
    /** One a channel. */
    normalisation: z.array(normalisationSchema).min(1),
    activation: z.enum(activationNames).default('softmax'),
    trainedOn: z.strictObject({ name: word, licence: word, cases: z.int().min(1) }),
  })
  .refine(({ patch, spacing }) => patch.length === spacing.length, {
    path: ['spacing'],
    message: 'there must be one for each side of the patch',
  });

export type ImportSpec = z.infer<typeof importSpec>;
