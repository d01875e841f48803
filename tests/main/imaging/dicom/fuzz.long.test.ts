import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../ml/check/problem.ts';
import { deidentify } from '../../../../main/imaging/dicom/deidentify/deidentify.ts';
import { decodeFrame } from '../../../../main/imaging/dicom/frames.ts';
import { findDicomObject } from '../../../../main/imaging/dicom/object.ts';
import { tags } from '../../../../main/imaging/dicom/tags.ts';
import { Salt } from '../../../../main/imaging/salt.ts';
import { peakGrowth } from '../peakMemory.ts';
import { ownDicomFiles } from './dicomFiles.ts';

const salt = new Salt();
const files = ownDicomFiles().filter(({ name }) => !name.endsWith('.gz'));

const damage = fc.record({
  file: fc.nat(files.length - 1),
  /** Places as parts of the header, or of the whole file. */
  changes: fc.array(fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), byte: fc.nat(255) }), {
    maxLength: 12,
  }),
  inHeader: fc.boolean(),
  keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
});

/** The largest of the files unpacks to so many bytes. */
const largestFrame = 3 * 2 ** 20;
/** What a small file may take whatever it claims: the heap between two collections of garbage, and the memory of codecs, bytes. */
const unclaimed = 64 * 2 ** 20;

function refuseCrash(error: unknown): void {
  if (!(error instanceof Problem)) throw error;
}

/** Reads and cleans a file, its attributes and its first and last frame; any error but a Problem is a crash. */
async function readAll(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    const object = await findDicomObject({ path: 'damaged.dcm', bytes }, { pixels: true });
    if (object === undefined) return;
    for (const tag of Object.values(tags)) {
      object.dataset.numbers(tag);
      object.dataset.texts(tag);
      object.dataset.items(tag);
      object.dataset.tags(tag);
    }
    await deidentify(object, salt).catch(refuseCrash);
    await decodeFrame(object, 0);
    await decodeFrame(object, (object.dataset.number(tags.NumberOfFrames) ?? 1) - 1);
  } catch (error) {
    refuseCrash(error);
  }
}

describe('a damaged DICOM file', () => {
  it('is read or refused within two seconds and with little memory, whatever the damage', async () => {
    const contents = files.map(({ path }) => readFileSync(path));
    await fc.assert(
      fc.asyncProperty(damage, async ({ file, changes, inHeader, keep }) => {
        const whole = contents[file]!;
        const bytes = new Uint8Array(whole.subarray(0, Math.ceil(whole.length * keep)));
        const reach = inHeader ? Math.min(bytes.length, 2000) : bytes.length;
        for (const { at, byte } of changes) if (reach > 0) bytes[Math.floor(at * reach)] = byte;
        const started = process.cpuUsage();
        const { grown = 0 } = await peakGrowth(() => readAll(bytes));
        // Of the processor, which others may be using, too.
        expect(process.cpuUsage(started).user).toBeLessThan(2e6);
        expect(grown).toBeLessThan(4 * largestFrame + unclaimed);
      }),
      { numRuns: 6000, endOnFailure: true },
    );
  });
});
