/** What carries calls and events between the interface and the host: HTTP and WebSocket, Electron's bridge, or nothing in a test. */
export interface Transport {
  /** Gives the answer's message as it came, unchecked. A rejection means that the host cannot be reached. */
  readonly ask: (name: string, ask: unknown) => Promise<unknown>;
  /** @returns Stops listening. */
  readonly listen: (deliver: (event: unknown) => void) => () => void;
}
