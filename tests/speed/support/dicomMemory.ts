import { join } from 'node:path';
import { type BenchSyntax, benchSeriesShape, makeBenchSeries } from './benchSeries.ts';
import type { Comparison, Contest } from './comparison.ts';
import { LineProcess } from './lineProcess.ts';
import { peakMemory } from './peakMemory.ts';

/** int16 voxels, MiB. */
const volume = (benchSeriesShape.reduce((product, size) => product * size, 1) * 2) / 2 ** 20;

async function ours(folder: string): Promise<number> {
  const child = new LineProcess(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'openDicom.ts')]);
  try {
    await child.request({ folder });
    return await peakMemory(child.processId);
  } finally {
    await child.dispose();
  }
}

async function prepare(syntax: BenchSyntax): Promise<Contest> {
  const { folder, dispose } = await makeBenchSeries(syntax);
  return { ours: () => ours(folder), theirs: () => Promise.resolve(volume), dispose };
}

/** Peak resident memory of a fresh process that opens a CT of 300 slices, from its start, beside the size of its voxels. */
export function dicomMemory(name: string, syntax: BenchSyntax): Comparison {
  return { name, unit: 'MiB', against: 'the voxels alone', warmups: 0, prepare: () => prepare(syntax) };
}
