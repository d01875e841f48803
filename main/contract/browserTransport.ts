import { packMessage, unpackMessage } from './message.ts';
import type { Transport } from './transport.ts';

/** Where `sfumato serve` listens, and the token that it printed. */
export interface ServerAddress {
  /** `http://127.0.0.1:4321`, without a slash at its end. */
  readonly origin: string;
  readonly token: string;
}

/** Before the WebSocket is tried again. */
const retryMilliseconds = 1000;

/**
 * Calls over HTTP, events over one WebSocket that comes back by itself. The token goes in a header and in the WebSocket's protocol, never in a
 * cookie: other servers of this computer would get that too.
 */
export function browserTransport({ origin, token }: ServerAddress): Transport {
  const listeners = new Set<(event: unknown) => void>();
  let socket: WebSocket | undefined;
  const connect = (): void => {
    socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/events`, ['sfumato', token]);
    socket.addEventListener('message', ({ data }) => {
      const event: unknown = JSON.parse(String(data));
      for (const deliver of listeners) deliver(event);
    });
    socket.addEventListener('close', () => {
      socket = undefined;
      if (listeners.size > 0) setTimeout(connect, retryMilliseconds);
    });
  };
  return {
    ask: async (name, ask) => {
      const response = await fetch(`${origin}/calls/${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
        body: new Blob([...packMessage(ask)]),
      });
      if (response.status !== 200 && response.status !== 422) throw new Error(`the server answers ${response.status}`);
      const content = unpackMessage(await response.arrayBuffer());
      return response.ok ? { ok: true, value: content } : { ok: false, problem: content };
    },
    listen: (deliver) => {
      listeners.add(deliver);
      if (socket === undefined) connect();
      return () => {
        listeners.delete(deliver);
        if (listeners.size === 0) socket?.close();
      };
    },
  };
}
