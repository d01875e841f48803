import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { errorCode, fileProblem } from '../../files/fileProblem.ts';

type Fact = string | number | boolean | null;

const entrySchema = z.object({
  at: z.string(),
  what: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export type AuditEntry = z.infer<typeof entrySchema>;

/**
 * What was run and changed, one JSON object a line; lines are only ever added. Ids and settings, no names of patients or files.
 */
export class AuditTrail {
  readonly #path: string;
  readonly #now: () => Date;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string, now: () => Date = () => new Date()) {
    this.#path = path;
    this.#now = now;
  }

  /** Lines are written one after the other. */
  async note(what: string, facts: Readonly<Record<string, Fact>>): Promise<void> {
    const line = `${JSON.stringify({ at: this.#now().toISOString(), what, facts })}\n`;
    const written = this.#last.then(() => appendFile(this.#path, line));
    this.#last = written.catch(() => undefined);
    await written.catch((error: unknown) => {
      throw fileProblem(error, this.#path);
    });
  }

  /** Latest first. A line that a power cut tore is passed over. */
  async read(most: number): Promise<AuditEntry[]> {
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return '';
      throw fileProblem(error, this.#path);
    });
    return text
      .trimEnd()
      .split('\n')
      .slice(-most)
      .toReversed()
      .flatMap((line) => parseEntry(line) ?? []);
  }
}

function parseEntry(line: string): AuditEntry | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
