import { z } from 'zod';
import type { FrameTask } from './threads.ts';
import type { DecodedFrame } from './pixels/decodeFrame.ts';

// What crosses between `DecoderThreads` and a thread. Both ends are ours and start from the same build: the kinds are checked, and not each number.

/** One frame to decode; every request is answered once, in order. */
export const frameRequestSchema = z.custom<FrameTask>(
  (value) =>
    z
      .object({
        codec: z.string(),
        bytes: z.instanceof(Uint8Array),
        format: z.object({}),
        target: z.instanceof(ArrayBuffer).optional(),
      })
      .safeParse(value).success,
);

/** `bytes`: the buffer of the request's, to be used again. */
export const frameReplySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({
    kind: z.literal('frame'),
    frame: z.custom<DecodedFrame>((value) => z.object({ rows: z.int(), columns: z.int() }).safeParse(value).success),
    bytes: z.instanceof(ArrayBuffer),
  }),
  z.object({ kind: z.literal('failure'), failure: z.string() }),
]);

export type FrameReply = z.infer<typeof frameReplySchema>;
