import { z } from 'zod';
import type { AxisOrder } from '../volume/reorder.ts';

/** How the outputs of a foreign network become class probabilities. */
export const activationNames = ['softmax', 'sigmoid', 'none'] as const;

/** The patient axis (0 left, 1 posterior, 2 superior) of each direction, and whether an index that rises along it runs against ours. */
const directions = {
  L: { axis: 0, flipped: false },
  R: { axis: 0, flipped: true },
  P: { axis: 1, flipped: false },
  A: { axis: 1, flipped: true },
  S: { axis: 2, flipped: false },
  I: { axis: 2, flipped: true },
} as const;

type Letter = keyof typeof directions;

const isLetter = (text: string): text is Letter => text in directions;

/** A network that was made and trained elsewhere. Everything but its weights and operations, which are in its `.onnx` file. */
export const foreignSchema = z
  .strictObject({
    kind: z.literal('onnx'),
    dimensions: z.union([z.literal(2), z.literal(3)]),
    imageChannels: z.int().min(1).max(64),
    /** It is a direct network. */
    maskChannels: z.literal(0),
    /** Including the background. */
    classes: z.int().min(2).max(256),
    /**
     * `softmax`: of one output a class; `sigmoid`: of a single output, the structure beside the background; `none`: the outputs are
     * probabilities already.
     */
    activation: z.enum(activationNames),
    /** Where the indices of the axes behind the channels rise to in the patient: `SPL` is our own order, `RAS` that of many others. */
    axes: z.string(),
  })
  .refine(({ axes, dimensions }) => orderOf(axes, dimensions) !== undefined, {
    path: ['axes'],
    message: 'names no directions: one of L and R, one of P and A and, in three dimensions, one of S and I',
  })
  .refine(({ activation, classes }) => activation !== 'sigmoid' || classes === 2, {
    path: ['activation'],
    message: 'is sigmoid, which knows one structure beside the background',
  });

export type ForeignConfig = z.infer<typeof foreignSchema>;

/** From our patches, whose indices i, j, k rise to L, P, S, to those of a network with these axes; undefined where they are none. */
export function orderOf(axes: string, dimensions: 2 | 3): AxisOrder | undefined {
  const letters = Array.from(dimensions === 2 ? `S${axes}` : axes).toReversed();
  const [i, j, k, ...others] = letters.filter(isLetter).map((letter) => directions[letter]);
  if (!i || !j || !k || others.length > 0 || letters.length !== 3) return undefined;
  const from = [i.axis, j.axis, k.axis] as const;
  if (new Set(from).size !== from.length || (dimensions === 2 && k.axis !== 2)) return undefined;
  return { from, flipped: [i.flipped, j.flipped, k.flipped] };
}
