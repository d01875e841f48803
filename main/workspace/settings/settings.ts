import type { z } from 'zod';
import { settingsSchema, type settingsChange, type Settings } from '../../contract/application.ts';
import { readRecord, writeRecord } from '../../files/record.ts';

export class SettingsFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** What was never set, or a damaged file, is as it comes out of the box. */
  async read(): Promise<Settings> {
    const stored = await readRecord(this.#path, settingsSchema).catch(() => undefined);
    return stored ?? settingsSchema.parse({});
  }

  async change(change: z.output<typeof settingsChange>): Promise<Settings> {
    const settings = settingsSchema.parse({ ...(await this.read()), ...change });
    await writeRecord(this.#path, settings);
    return settings;
  }
}
