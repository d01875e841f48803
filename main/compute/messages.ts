import { z } from 'zod';
import { problemSchema } from '../contract/problem.ts';
import { pieceName, updateSchema } from './pieces.ts';

/** From the host to the compute process. */
export const orderSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('do'), id: z.int(), piece: pieceName, ask: z.unknown() }),
  z.strictObject({ kind: z.literal('stop'), id: z.int() }),
]);

/** From the compute process to the host. */
export const reportSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done'), id: z.int(), answer: z.unknown() }),
  z.strictObject({ kind: z.literal('failed'), id: z.int(), problem: problemSchema }),
  z.strictObject({ kind: z.literal('update'), id: z.int(), update: updateSchema }),
]);

export type Order = z.infer<typeof orderSchema>;
export type Report = z.infer<typeof reportSchema>;

/** What main/jobs/unfinished.ts tells of files that are being written. */
export const unfinishedSchema = z.object({ tell: z.enum(['unfinished', 'finished']), path: z.string() });
