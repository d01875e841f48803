import { z } from 'zod';
import { checks, type Answer, type Asking, type CallName } from './calls.ts';
import { eventChecks, eventMessage, type EventName, type Events } from './events.ts';
import { problemSchema, type ProblemReply } from './problem.ts';
import type { Transport } from './transport.ts';

/** What became of a call: its answer, or a problem to show. */
export type Reply<Name extends CallName> =
  { readonly ok: true; readonly value: Answer<Name> } | { readonly ok: false; readonly problem: ProblemReply };

export interface Client {
  readonly call: <Name extends CallName>(name: Name, ask: Asking<Name>) => Promise<Reply<Name>>;
  /** @returns Stops listening. */
  readonly on: <Name extends EventName>(name: Name, listener: (event: Events[Name]) => void) => () => void;
}

const replySchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), problem: problemSchema }),
]);

const unreachable: ProblemReply = {
  kind: 'bug',
  what: 'the program behind this window does not answer',
  where: 'host',
  remedy: 'Start the application again; what was saved is there.',
};

/** The host as the interface sees it. Everything that comes is checked; a call never rejects. */
export function clientOver(transport: Transport): Client {
  return {
    call: async (name, ask) => {
      const raw = await transport.ask(name, ask).catch(() => undefined);
      if (raw === undefined) return { ok: false, problem: unreachable };
      const reply = replySchema.parse(raw);
      return reply.ok ? { ok: true, value: checks[name].answer.parse(reply.value) } : reply;
    },
    on: (name, listener) =>
      transport.listen((raw) => {
        const event = eventMessage.parse(raw);
        if (event.name === name) listener(eventChecks[name].parse(event.value));
      }),
  };
}
