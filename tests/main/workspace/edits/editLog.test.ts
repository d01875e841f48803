import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EditLog, wholeEntries } from '../../../../main/workspace/edits/editLog.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const entries = [Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(9)];

async function written(): Promise<string> {
  const path = join(temporaryFolder(), 'edits.log');
  const log = new EditLog(path);
  await Promise.all(entries.map((entry) => log.append(entry)));
  return path;
}

const read = async (path: string) => (await new EditLog(path).read()).map((entry) => [...entry]);

describe('EditLog', () => {
  it('gives entries back in the order in which they came', async () => {
    expect(await read(await written())).toEqual(entries.map((entry) => [...entry]));
    expect(await read(join(temporaryFolder(), 'none.log'))).toEqual([]);
  });

  it('loses only the last entry to a kill at any byte, and goes on after it', async () => {
    const whole = readFileSync(await written());
    for (let length = 0; length < whole.length; length++) {
      const path = join(temporaryFolder(), 'torn.log');
      writeFileSync(path, whole.subarray(0, length));
      const kept = length < 11 ? 0 : length < 19 ? 1 : 2;
      expect(await read(path)).toHaveLength(kept);
      await new EditLog(path).append(Uint8Array.of(7));
      expect(await read(path)).toEqual([...entries.slice(0, kept), Uint8Array.of(7)].map((entry) => [...entry]));
    }
  });

  it('gives nothing that was not written, whatever byte is damaged', async () => {
    const whole = readFileSync(await written());
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(whole);
        damaged[at]! ^= change;
        const found = wholeEntries(damaged).entries;
        expect(found.every((entry, n) => Buffer.compare(entry, entries[n]!) === 0)).toBe(true);
        expect(found.length).toBeLessThan(entries.length);
      }),
    );
  });

  it('reads a log whose last entry promises more than there is', async () => {
    const path = await written();
    appendFileSync(path, Buffer.from([255, 255, 255, 255, 0, 0, 0, 0]));
    expect(await read(path)).toHaveLength(entries.length);
    truncateSync(path, 3);
    expect(await read(path)).toEqual([]);
  });
});
