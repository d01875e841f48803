import { z } from 'zod';

const probability = z.number().min(0).max(1);
const range = z.tuple([z.number().nonnegative(), z.number().nonnegative()]);

/**
 * How patches are varied. Each change happens with its own probability; ranges are drawn from uniformly.
 * The defaults are those of methods.md section 2 in space, and near nnU-Net's in intensity.
 */
export const augmentationSchema = z.object({
  /** About every axis by up to this angle; about the thick axis alone where the spacing has one. */
  rotation: z.object({ probability, degrees: z.number().nonnegative() }),
  /** By a factor in [1 - fraction, 1 + fraction]. */
  zoom: z.object({ probability, fraction: z.number().nonnegative().lt(1) }),
  /** Each off-diagonal entry in [-fraction, fraction]. */
  shear: z.object({ probability, fraction: z.number().nonnegative().lt(0.5) }),
  /** By up to this fraction of the patch along each axis. */
  shift: z.object({ probability, fraction: z.number().nonnegative().max(1) }),
  /** Each of these array axes is mirrored with probability 0.5. Empty by default: a mirrored left structure is not a left structure. */
  mirror: z.array(z.enum(['k', 'j', 'i'])),
  /** Exponent on the intensities scaled to [0, 1]; mean and deviation of the patch are kept. */
  gamma: z.object({ probability, exponent: range }),
  /** Factor on the intensities. */
  brightness: z.object({ probability, factor: range }),
  /** Factor on the distance of the intensities from their mean, within their range. */
  contrast: z.object({ probability, factor: range }),
  /** Variance of added normal noise; the images have variance 1. */
  noise: z.object({ probability, variance: range }),
  /** Standard deviation of a Gaussian, in voxels. */
  blur: z.object({ probability, deviation: range }),
  /** Fraction of the resolution that is left. */
  lowResolution: z.object({ probability, fraction: z.tuple([z.number().positive(), z.number().positive().max(1)]) }),
});

export type Augmentation = z.infer<typeof augmentationSchema>;

export const defaultAugmentation: Augmentation = {
  rotation: { probability: 0.5, degrees: 30 },
  zoom: { probability: 0.5, fraction: 0.2 },
  shear: { probability: 0.5, fraction: 0.1 },
  shift: { probability: 0.5, fraction: 0.3 },
  mirror: [],
  gamma: { probability: 0.5, exponent: [0.7, 1.5] },
  brightness: { probability: 0.15, factor: [0.75, 1.25] },
  contrast: { probability: 0.15, factor: [0.75, 1.25] },
  noise: { probability: 0.15, variance: [0, 0.1] },
  blur: { probability: 0.15, deviation: [0.5, 1] },
  lowResolution: { probability: 0.15, fraction: [0.5, 1] },
};
