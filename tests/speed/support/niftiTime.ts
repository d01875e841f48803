import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { stream } from '../../../ml/random/stream.ts';
import type { Grid } from '../../../ml/volume/grid.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import { readNifti } from '../../../main/imaging/nifti/read.ts';
import { writeNifti } from '../../../main/imaging/nifti/write.ts';
import { installOracles, oraclePython } from '../../support/oracles.ts';
import type { Comparison, Contest } from './comparison.ts';
import { LineProcess } from './lineProcess.ts';

type Task = 'read' | 'write';

const timed = z.object({ milliseconds: z.number().positive() });

/** A body of soft tissue with noise in air, as hard to compress as CT is: 512 x 512 x 100, int16. */
function phantom(): Volume {
  const grid: Grid = {
    shape: [512, 512, 100],
    spacing: [0.7, 0.7, 3],
    unit: 'mm',
    origin: [-180, -180, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
  const rng = stream(0, 'phantom');
  const noise = Int16Array.from({ length: 65_521 }, () => Math.round(20 * rng.normal()));
  const data = new Int16Array(512 * 512 * 100);
  for (let n = 0; n < data.length; n++) {
    const [x, y] = [(n % 512) - 256, (Math.floor(n / 512) % 512) - 256];
    const isBody = x * x + 2 * y * y < 40_000;
    data[n] = isBody ? 40 + noise[n % noise.length]! : -1000;
  }
  return { grid, channels: 1, data };
}

async function prepare(task: Task): Promise<Contest> {
  await installOracles('plain', (line) => process.stderr.write(`${line}\n`));
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-bench-'));
  const source = join(folder, 'source.nii.gz');
  const volume = phantom();
  await writeNifti(source, volume);
  const nibabel = new LineProcess(oraclePython('plain'), [join(import.meta.dirname, 'nifti_io.py'), source]);
  const work = {
    read: () => readNifti(source),
    write: () => writeNifti(join(folder, 'ours.nii.gz'), volume, { existing: 'replace' }),
  };
  return {
    async ours() {
      const start = performance.now();
      await work[task]();
      return performance.now() - start;
    },
    theirs: async () => timed.parse(await nibabel.request({ task, path: join(folder, 'theirs.nii.gz') })).milliseconds,
    async dispose() {
      await nibabel.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Time to read or write a .nii.gz of CT size; our writing includes flushing to the disk, reading back and comparing. */
export function niftiTime(name: string, task: Task): Comparison {
  return { name, unit: 'ms', against: 'nibabel, its defaults', warmups: 1, prepare: () => prepare(task) };
}
