import { z } from 'zod';
import type { Bridge } from '../../main/contract/bridge.ts';
import { browserTransport } from '../../main/contract/browserTransport.ts';
import { clientOver, type Client } from '../../main/contract/client.ts';

declare global {
  interface Window {
    /** Put there by the preload script of the desktop window; a browser has none. */
    readonly sfumato?: Bridge;
  }
}

const tokenKey = 'sfumato token';

/**
 * The token that the server printed behind `#`. It is kept for the life of the tab, so that a reload works, and taken out of the address, so
 * that it is in no bookmark and no history.
 */
function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null) {
    sessionStorage.setItem(tokenKey, given);
    history.replaceState(null, '', location.pathname);
  }
  return z.string().catch('').parse(sessionStorage.getItem(tokenKey));
}

/** The host behind this window: through Electron's bridge in the desktop application, else over HTTP. */
export function connect(): Client {
  return clientOver(window.sfumato ?? browserTransport({ origin: location.origin, token: takeToken() }));
}
