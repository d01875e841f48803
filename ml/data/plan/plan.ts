import { invariant } from '../../check/invariant.ts';
import type { ChannelStatistics, Fingerprint } from '../fingerprint.ts';
import type { Membership } from '../../nn/classProbability.ts';
import { Problem } from '../../check/problem.ts';
import type { Normalisation } from '../normalise.ts';
import { choosePatch } from './choosePatch.ts';
import type { Preset } from './choosePatch.ts';
import { ANISOTROPY, chooseSpacing, short, thickestAxis } from './chooseSpacing.ts';
import type { SpacingChoice } from './chooseSpacing.ts';
import { planSchema } from './planSchema.ts';
import type { Plan } from './planSchema.ts';

interface AskedPlan {
  /** See `chooseSpacing`. */
  readonly spacing: readonly number[];
  /** The most voxels of a patch along i, j, k. */
  readonly patch: readonly number[];
  readonly classes?: Membership | undefined;
  readonly context?: number | undefined;
}

export interface PlanOptions {
  readonly preset: Preset;
  /** What training may use. */
  readonly memoryMiB: number;
  /** What goes before the rules. */
  readonly asked?: AskedPlan;
  /** Whether voxels may belong to several structures. */
  readonly overlapping?: boolean;
}

interface DimensionsChoice {
  readonly dimensions: 2 | 3;
  /** Slices on either side. */
  readonly context: number;
  readonly sentence: string;
}

/** Slices on either side where slices are thick and few: what lies beyond is mostly other anatomy. */
const CONTEXT = 1;
/** Fewer slices than this leave a three-dimensional network without depth. */
const LEAST_SLICES = 16;
/** Below this fraction of nonzero voxels an image counts as masked, and its background is kept out of the statistics. */
const MASKED_FRACTION = 0.75;
const LEAST_DEVIATION = 1e-8;

/**
 * Configures training from the data alone, after nnU-Net's rules (Isensee et al., Nature Methods 18, 203-211, 2021), sized to a memory limit.
 *
 * @throws Problem 'memory' where nothing fits.
 */
export function plan(fingerprint: Fingerprint, { preset, memoryMiB, asked, overlapping = false }: PlanOptions): Plan {
  const spacing = chooseSpacing(fingerprint, asked?.spacing);
  const seen = chooseDimensions(spacing, asked?.context);
  const { dimensions, context } = seen;
  const membership = asked?.classes ?? (overlapping ? 'independent' : 'exclusive');
  const [i, j, k] = spacing.medianShape;
  const [mostI = i, mostJ = j, mostK = k] = asked?.patch ?? [];
  const largest = [Math.min(k, mostK), Math.min(j, mostJ), Math.min(i, mostI)];
  const normalised = fingerprint.channels.map(chooseNormalisation);
  const classes = fingerprint.classes.length;
  const inputs = fingerprint.channels.length * (1 + 2 * context) + classes;
  const sized = choosePatch(largest.slice(3 - dimensions), { preset, memoryMiB, inputs, classes });
  const made = planSchema.safeParse({
    schema: 1,
    dimensions,
    channels: fingerprint.channels.map(({ name }) => name),
    classes,
    membership,
    context,
    spacing: spacing.spacing,
    unit: fingerprint.unit,
    normalisation: normalised.map(({ scheme }) => scheme),
    patch: sized.patch,
    network: sized.network,
    batchSize: sized.batchSize,
    memoryMiB: sized.memoryMiB,
    explanation: [
      seen.sentence,
      ...(membership === 'independent' ? ['Every structure has a mask of its own, so that they may overlap.'] : []),
      ...(dimensions === 2 && k > 1 ? [`${spacing.sentence} Slices are not moved.`] : [spacing.sentence]),
      ...normalised.map(({ sentence: why }) => why),
      ...sized.sentences,
      ...explainClasses(fingerprint),
      'A third of the patches is centred on a structure drawn among those present.',
    ],
  });
  invariant(made.success, `a plan obeys its own schema: ${String(made.error)}`);
  return made.data;
}

/** @param asked Slices on either side that the network shall see: it is then two-dimensional. */
function chooseDimensions({ medianShape, spacing }: SpacingChoice, asked: number | undefined): DimensionsChoice {
  const slices = medianShape[2];
  if (slices <= 1) {
    if (asked === undefined || asked === 0)
      return { dimensions: 2, context: 0, sentence: 'The network is two-dimensional, as the images are.' };
    throw new Problem('usage', 'images of a single slice have none beside it', '--set context', 'Leave it out.');
  }
  if (asked !== undefined) return flat(asked, 'as asked');
  const isThick = thickestAxis(spacing) === 2 && spacing[2] > ANISOTROPY * Math.max(spacing[0], spacing[1]);
  if (slices < LEAST_SLICES && (isThick || slices * ANISOTROPY < Math.min(medianShape[0], medianShape[1]))) {
    const reason = `with ${slices} slices (median) there is too little depth for a three-dimensional one`;
    return flat(isThick ? CONTEXT : 0, reason);
  }
  return { dimensions: 3, context: 0, sentence: 'The network is three-dimensional, as the images are.' };
}

function flat(context: number, reason: string): DimensionsChoice {
  const beside = context === 0 ? '' : ` and sees ${context} slice${context === 1 ? '' : 's'} on either side`;
  return { dimensions: 2, context, sentence: `The network is two-dimensional${beside}: ${reason}.` };
}

function chooseNormalisation(channel: ChannelStatistics): { scheme: Normalisation; sentence: string } {
  const { name, mean, deviation, percentile0p5: low, percentile99p5: high, nonzeroFraction } = channel;
  if (/^ct$/i.test(name)) {
    return {
      scheme: { kind: 'clipZscore', low, high, mean, deviation: Math.max(deviation, LEAST_DEVIATION) },
      sentence: `Channel ${name} has a unit: it is clipped to ${short(low)}..${short(high)} (0.5 and 99.5 percent of the foreground), then standardised by the foreground's mean ${short(mean)} and deviation ${short(deviation)}.`,
    };
  }
  const over = nonzeroFraction < MASKED_FRACTION ? 'nonzero' : 'image';
  return {
    scheme: { kind: 'zscore', over },
    sentence:
      over === 'image'
        ? `Channel ${name} has no unit: each image is brought to mean 0 and deviation 1.`
        : `Channel ${name} has no unit and ${Math.round(100 * (1 - nonzeroFraction))} % of it is exactly 0: each image is brought to mean 0 and deviation 1 over its nonzero voxels, and 0 stays 0.`,
  };
}

function explainClasses({ classes, cases, voxels: total }: Fingerprint): string[] {
  return classes.slice(1).map(({ name, voxels, cases: shown }) => {
    return `${name} fills ${short((100 * voxels) / total)} % of the voxels and is present in ${shown} of ${cases} cases.`;
  });
}
