import type { Study } from '../../contract/studies.ts';
import { isColour } from '../../imaging/colours.ts';
import type { ModelDescription } from './description.ts';

type Volume = Study['volumes'][number];

/** Whether a model makes sense of volumes. */
export interface Fit {
  readonly fits: boolean;
  /** Why not. */
  readonly reasons: string[];
  /** What may make its answer worse, though it runs. */
  readonly cautions: string[];
}

/** Spacing further than this from what a model was trained with, either way, is said. */
const FAR = 2;

/** Holds what headers say against what a model was made for. The voxels themselves are looked at when it runs. */
export function fitOf(
  { channels, plan, modality }: Pick<ModelDescription, 'channels' | 'plan' | 'modality'>,
  volumes: readonly Volume[],
): Fit {
  const reasons: string[] = [];
  const cautions: string[] = [];
  const given = volumes.reduce((sum, { components, shape }) => sum + components * (shape[3] ?? 1), 0);
  const isGrey = channels.length === 1 && volumes.length === 1 && volumes[0]!.components > 1;
  // A grey picture shows its value in each colour.
  const isEnough = given === channels.length || (given === 1 && isColour(channels.map(({ name }) => name)));
  if (!isEnough)
    reasons.push(
      isGrey
        ? 'takes one number a voxel, and this is a colour image'
        : `takes ${count(channels.length, 'sequence')} (${channels.map(({ name }) => name).join(', ')}), and here are ${given}`,
    );
  for (const { spacing, shape, modality: own } of volumes) {
    if (plan.unit === 'mm' && spacing === null) reasons.push('needs to know the size of the voxels');
    if (plan.patch.length === 3 && (shape[2] ?? 1) === 1) reasons.push('is for volumes, and this is a single slice');
    if (own !== null && own !== modality && modality !== 'OT')
      cautions.push(`was trained on ${modality}, and this is ${own}`);
    if (plan.unit === 'mm' && spacing !== null) cautions.push(...spacingCautions(spacing, plan.spacing));
  }
  return { fits: reasons.length === 0, reasons: [...new Set(reasons)], cautions: [...new Set(cautions)] };
}

function spacingCautions(spacing: readonly number[], trained: readonly number[]): string[] {
  const isFar = spacing.some((side, axis) => {
    const ratio = side / (trained[axis] ?? side);
    return ratio > FAR || ratio < 1 / FAR;
  });
  if (!isFar) return [];
  const sides = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(3))).join(' x ');
  return [`was trained on voxels of ${sides(trained)} mm, and these are ${sides(spacing)} mm`];
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
