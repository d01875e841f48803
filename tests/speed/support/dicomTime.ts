import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { invariant } from '../../../ml/check/invariant.ts';
import { readImage } from '../../../main/imaging/image.ts';
import { sharedData } from '../../support/data.ts';
import { installOracles, oraclePython } from '../../support/oracles.ts';
import type { Comparison, Contest } from './comparison.ts';
import { LineProcess } from './lineProcess.ts';

const syntaxes = {
  raw: '1.2.840.10008.1.2.1',
  jpegls: '1.2.840.10008.1.2.4.80',
  jpeg2000: '1.2.840.10008.1.2.4.90',
} as const;

const answer = z.object({ milliseconds: z.number().positive(), shape: z.array(z.number()) });

const SHAPE = [512, 512, 300];

/** Slices of a real CT that are repeated: of 60 different ones, or of the 5 that the repository has. */
function source(): string {
  const shared = sharedData();
  return shared === undefined
    ? join(import.meta.dirname, '../../data/dicom-series/ct-siemens-j2k')
    : join(shared, 'dicom/ct-philips-lidc-0314-jpegls');
}

async function prepare(syntax: keyof typeof syntaxes): Promise<Contest> {
  await installOracles('plain', (line) => process.stderr.write(`${line}\n`));
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-bench-'));
  const script = join(import.meta.dirname, 'dicom_open.py');
  const simpleItk = new LineProcess(oraclePython('plain'), [script, source(), folder, syntaxes[syntax]]);
  const theirs = async (): Promise<number> => {
    const { milliseconds, shape } = answer.parse(await simpleItk.request({}));
    invariant(shape.join() === SHAPE.join(), `SimpleITK opened ${shape.join(' x ')} voxels`);
    return milliseconds;
  };
  // It answers once it has made the series.
  await theirs();
  return {
    async ours() {
      const start = performance.now();
      const { volume } = await readImage(folder);
      const milliseconds = performance.now() - start;
      invariant(volume.grid.shape.join() === SHAPE.join(), `we opened ${volume.grid.shape.join(' x ')} voxels`);
      return milliseconds;
    },
    theirs,
    async dispose() {
      await simpleItk.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Time to open a folder that holds a CT of 300 slices of 512 x 512: which files belong together, and their voxels. */
export function dicomTime(name: string, syntax: keyof typeof syntaxes): Comparison {
  return { name, unit: 'ms', against: 'SimpleITK (GDCM), 2 threads', warmups: 1, prepare: () => prepare(syntax) };
}
