import { z } from 'zod';
import { structureSchema } from '../../main/contract/segmentations.ts';
import { Problem } from '../../ml/check/problem.ts';
import type { LabelDiff } from './diff.ts';
import { largestLabel } from './labels.ts';
import { NumberReader, NumberWriter } from './numbers.ts';
import type { Step } from './step.ts';

// An entry of the edit log: version, name, structure tables as JSON (empty where they did not change), number of runs, and of each
// run the voxels from the end of the run before it to its start, its length, label before and label after. The log frames entries.
const version = 1;

const tables = z.strictObject({ before: z.array(structureSchema), after: z.array(structureSchema) });

export function encodeStep({ name, diff: { runs }, structures }: Step): Uint8Array<ArrayBuffer> {
  const writer = new NumberWriter();
  writer.unsigned(version);
  writer.text(name);
  writer.text(structures === undefined ? '' : JSON.stringify(structures));
  writer.unsigned(runs.length / 4);
  let end = 0;
  for (let run = 0; run < runs.length; run += 4) {
    const [start, length] = [runs[run]!, runs[run + 1]!];
    writer.signed(start - end);
    writer.unsigned(length);
    writer.unsigned(runs[run + 2]!);
    writer.unsigned(runs[run + 3]!);
    end = start + length;
  }
  return writer.finish();
}

/** @throws Problem `data` where the bytes are no step, or of a later version. */
export function decodeStep(bytes: Uint8Array): Step {
  try {
    const reader = new NumberReader(bytes);
    if (reader.unsigned() !== version) throw new RangeError('another version');
    const name = reader.text();
    const json = reader.text();
    const structures = json === '' ? undefined : tables.parse(JSON.parse(json));
    const diff = readRuns(reader, bytes.length);
    if (!reader.isAtEnd) throw new RangeError('bytes after the end');
    return { name, diff, structures };
  } catch (cause) {
    const remedy = 'What was saved before it is whole. Update the application if a later version made it.';
    throw new Problem('data', 'an edit cannot be read', 'saved edits', remedy, { cause });
  }
}

function readRuns(reader: NumberReader, bytes: number): LabelDiff {
  const count = reader.unsigned();
  // Each run takes four bytes at least: so many cannot be there, and memory is not asked for them.
  if (count > bytes / 4) throw new RangeError('more runs than bytes');
  const runs = new Uint32Array(4 * count);
  let end = 0;
  for (let run = 0; run < runs.length; run += 4) {
    const start = end + reader.signed();
    const [length, before, after] = [reader.unsigned(), reader.unsigned(), reader.unsigned()];
    end = start + length;
    if (start < 0 || length === 0 || end > 2 ** 32 || before > largestLabel || after > largestLabel)
      throw new RangeError('a run outside the volume');
    runs.set([start, length, before, after], run);
  }
  return { runs };
}
