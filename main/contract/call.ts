import { z } from 'zod';

/** One call: what is asked and what is answered. The field `bytes` of either travels as a buffer, never as text. */
export interface Call<Ask extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  readonly ask: Ask;
  readonly answer: Answer;
}

/** For asks that say nothing. */
export const nothing = z.strictObject({});
