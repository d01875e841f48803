import type { z } from 'zod';
import { settingsSchema, type settingsChange, type Settings } from '../../contract/application.ts';
import { writeRecord } from '../../files/record.ts';
import type { Records } from '../records/records.ts';

const words = { name: 'file of the settings', remedy: 'The settings are as they come; set them again.' };

export class SettingsFile {
  readonly #path: string;
  readonly #records: Records;

  constructor(path: string, records: Records) {
    this.#path = path;
    this.#records = records;
  }

  /** What was never set, or is damaged, is as it comes out of the box. */
  async read(): Promise<Settings> {
    return (await this.#records.read(this.#path, settingsSchema, words)) ?? settingsSchema.parse({});
  }

  async change(change: z.output<typeof settingsChange>): Promise<Settings> {
    const settings = settingsSchema.parse({ ...(await this.read()), ...change });
    await writeRecord(this.#path, settings);
    return settings;
  }
}
