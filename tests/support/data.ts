import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../../shared/data');

/** The optional folder of real scans beside the repository; tests over it fall back to `tests/data` where it is not there. */
export function sharedData(): string | undefined {
  return existsSync(folder) ? folder : undefined;
}

/** Says which data the tests run over. */
export function sayData(say: (line: string) => void): void {
  say(
    sharedData() === undefined
      ? 'optional data folder not there: using tests/data'
      : `using the optional data folder ${folder} as well as tests/data`,
  );
}
