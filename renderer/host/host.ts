import { inject, onScopeDispose, type InjectionKey } from 'vue';
import type { Answer, Asking, CallName } from '../../main/contract/calls.ts';
import type { Client } from '../../main/contract/client.ts';
import type { EventName, Events } from '../../main/contract/events.ts';
import { invariant } from '../../ml/check/invariant.ts';
import type { ProblemWords } from '../stores/problems.ts';

/** The host, for screens: what goes wrong is shown to the person where nobody else does something about it. */
export interface Host extends Client {
  /** @returns The answer; undefined where there was a problem, which the person then sees. */
  readonly ask: <Name extends CallName>(name: Name, asking: Asking<Name>) => Promise<Answer<Name> | undefined>;
}

export function hostOver(client: Client, report: (problem: ProblemWords) => void): Host {
  return {
    ...client,
    ask: async (name, asking) => {
      const reply = await client.call(name, asking);
      if (reply.ok) return reply.value;
      if (reply.problem.kind !== 'cancelled') report(reply.problem);
      return undefined;
    },
  };
}

export const hostKey: InjectionKey<Host> = Symbol('host');

export function useHost(): Host {
  const host = inject(hostKey);
  invariant(host, 'the application provides the host');
  return host;
}

/** Listens to the host until the scope ends. */
export function useHostEvent<Name extends EventName>(name: Name, listener: (event: Events[Name]) => void): void {
  onScopeDispose(useHost().on(name, listener));
}
