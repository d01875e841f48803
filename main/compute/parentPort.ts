/** The way back to the process that started this one. */
interface ParentPort {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** Only a utility process of Electron has one. */
const utilityPort = (): Electron.ParentPort | undefined => ('parentPort' in process ? process.parentPort : undefined);

export function parentPort(): ParentPort {
  const port = utilityPort();
  if (port !== undefined) {
    return {
      send: (message) => {
        port.postMessage(message);
      },
      onMessage: (listener) => {
        port.on('message', ({ data }) => {
          listener(data);
        });
      },
    };
  }
  process.on('disconnect', () => process.exit());
  return {
    send: (message) => process.send?.(message),
    onMessage: (listener) => {
      process.on('message', listener);
    },
  };
}
