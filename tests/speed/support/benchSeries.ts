import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { invariant } from '../../../ml/check/invariant.ts';
import { sharedData } from '../../support/data.ts';
import { installOracles, oraclePython } from '../../support/oracles.ts';
import { LineProcess } from './lineProcess.ts';

const syntaxes = {
  raw: '1.2.840.10008.1.2.1',
  jpegls: '1.2.840.10008.1.2.4.80',
  jpeg2000: '1.2.840.10008.1.2.4.90',
} as const;

export type BenchSyntax = keyof typeof syntaxes;

/** Of the series: columns, rows, slices. */
export const benchSeriesShape = [512, 512, 300] as const;

const answer = z.object({ milliseconds: z.number().positive(), shape: z.array(z.number()) });

/** A CT of 300 slices in a folder of its own, and SimpleITK beside it. */
export interface BenchSeries {
  readonly folder: string;
  /** @returns How long SimpleITK takes to open it, ms. */
  readonly openTheirs: () => Promise<number>;
  readonly dispose: () => Promise<void>;
}

/** Slices of a real CT that are repeated: of 60 different ones, or of the 5 that the repository has. */
function source(): string {
  const shared = sharedData();
  return shared === undefined
    ? join(import.meta.dirname, '../../data/dicom-series/ct-siemens-j2k')
    : join(shared, 'dicom/ct-philips-lidc-0314-jpegls');
}

export async function makeBenchSeries(syntax: BenchSyntax): Promise<BenchSeries> {
  await installOracles('plain', (line) => process.stderr.write(`${line}\n`));
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-bench-'));
  const script = join(import.meta.dirname, 'dicom_open.py');
  const simpleItk = new LineProcess(oraclePython('plain'), [script, source(), folder, syntaxes[syntax]]);
  const series: BenchSeries = {
    folder,
    async openTheirs() {
      const { milliseconds, shape } = answer.parse(await simpleItk.request({}));
      invariant(shape.join() === benchSeriesShape.join(), `SimpleITK opened ${shape.join(' x ')} voxels`);
      return milliseconds;
    },
    async dispose() {
      await simpleItk.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
  // It answers once it has made the series.
  await series.openTheirs();
  return series;
}
