import { z } from 'zod';
import { Problem } from '../../ml/check/problem.ts';
import { checks, isCallName, type Answer, type Asked, type CallName } from './calls.ts';
import type { EventName, Events } from './events.ts';
import type { ProblemReply } from './problem.ts';

/** What the host provides: one function a call, which throws a `Problem` for what the world can do. */
export type Handlers = { readonly [Name in CallName]: (ask: Asked<Name>) => Answer<Name> | Promise<Answer<Name>> };

/** Tells every window. */
export type Emit = <Name extends EventName>(name: Name, value: Events[Name]) => void;

export type Replied =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: ProblemReply };

/**
 * Checks an ask, has it handled, and gives the reply that goes back. Nothing that is asked makes it throw.
 *
 * @param describe Says of anything that was thrown, a mistake of ours too, what the person is to read.
 */
export async function answer(
  handlers: Handlers,
  name: string,
  ask: unknown,
  describe: (error: unknown) => ProblemReply,
): Promise<Replied> {
  try {
    if (!isCallName(name))
      throw new Problem('usage', 'there is no such call', name.slice(0, 100), 'Update the interface.');
    return { ok: true, value: await handle(handlers, name, ask) };
  } catch (error) {
    return { ok: false, problem: describe(error) };
  }
}

async function handle<Name extends CallName>(handlers: Handlers, name: Name, raw: unknown): Promise<Answer<Name>> {
  return checks[name].answer.parse(await handlers[name](accept(name, raw)));
}

function accept<Name extends CallName>(name: Name, raw: unknown): Asked<Name> {
  try {
    return checks[name].ask.parse(raw);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const issue = error.issues[0];
    const where = [name, ...(issue?.path ?? [])].join(' ');
    throw new Problem('usage', `what was asked is not accepted: ${issue?.message}`, where, 'Update the interface.');
  }
}
