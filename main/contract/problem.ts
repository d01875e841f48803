import { z } from 'zod';

/** An expected failure as it crosses: what is wrong, where, and what the person can do. `bug`: a mistake of ours. */
export const problemSchema = z.strictObject({
  kind: z.enum(['usage', 'data', 'memory', 'cancelled', 'model', 'bug']),
  what: z.string(),
  where: z.string(),
  remedy: z.string(),
});

export type ProblemReply = z.infer<typeof problemSchema>;
