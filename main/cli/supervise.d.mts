/**
 * Runs a module in a process of its own with the arguments, streams and signals of this one, and ends with its exit code.
 *
 * @param entry A file.
 * @param runtimeFlags For Node, e.g. to load TypeScript.
 */
export function supervise(entry: string, runtimeFlags: readonly string[]): void;
