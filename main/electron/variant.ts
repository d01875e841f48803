import type { BrowserWindow } from 'electron';
import type { BuiltFiles, ShellHost } from './shellHost.ts';

/** A file of the page on its way to the window. */
interface Served {
  readonly type: string;
  readonly bytes: Buffer;
}

/**
 * What Electron does in one way now and did in another before. `modern.ts` is for Electron 25 and later, `old.ts` for those before; both are
 * type-checked against the version that is shipped.
 */
export interface Variant {
  /** Answers what the page asks for under `sfumato:`; undefined: there is no such file. */
  readonly serveScheme: (
    scheme: string,
    headers: Readonly<Record<string, string>>,
    serve: (path: string) => Promise<Served | undefined>,
  ) => void;
  readonly refuseNewWindows: (window: BrowserWindow) => void;
  readonly openHost: (files: BuiltFiles) => Promise<ShellHost>;
}
