/** The host as the desktop window reaches it. */
export interface ShellHost {
  readonly answer: (name: string, ask: unknown) => Promise<unknown>;
  readonly listen: (deliver: (event: unknown) => void) => unknown;
  readonly close: () => Promise<void>;
}

/** Where the built application lies. */
export interface BuiltFiles {
  /** Folder of the page. */
  readonly pages: string;
  /** Folder of the JavaScript of host, compute process and command line, outside any archive. */
  readonly host: string;
}
