import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { VoxelArray } from '../../../ml/volume/volume.ts';
import { ComputeProcess } from '../../../main/compute/computeProcess.ts';
import { forkProcess } from '../../../main/compute/forkProcess.ts';
import { VolumeReading } from '../../../main/compute/work/volumeReading.ts';
import { readImage } from '../../../main/imaging/image.ts';
import { runPython } from '../../support/python.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { writePicture } from '../datasets/folders.ts';

const volume = '0123456789abcdef#1';
const series = join(import.meta.dirname, '../../data/dicom-series/ct-siemens-j2k');

const bytesOf = ({ buffer, byteOffset, byteLength }: VoxelArray) => Buffer.from(buffer, byteOffset, byteLength);

function realProcess(): ComputeProcess {
  const compute = new ComputeProcess(forkProcess);
  onTestFinished(() => compute.close());
  return compute;
}

describe('pictures', () => {
  it('in colour are bytes, whatever their decoders give, JPEG and PNG alike', async () => {
    const compute = realProcess();
    const folder = temporaryFolder();
    writePicture(join(folder, 'a.png'), [250, 100, 7]);
    const [grey, colour] = await runPython<string[]>(
      `
import sys, json, os, numpy as np
from PIL import Image
paths = [os.path.join(sys.argv[1], name) for name in ('grey.jpg', 'colour.jpg')]
Image.fromarray(np.full((5, 4), 90, np.uint8)).save(paths[0], quality=100)
Image.fromarray(np.full((5, 4, 3), [250, 100, 7], np.uint8)).save(paths[1], quality=100, subsampling=0)
print(json.dumps(paths))`,
      [folder],
    );
    const expected = { whole: true, dataType: 'uint8' };
    for (const [path, components, values] of [
      [join(folder, 'a.png'), 3, [0, 250, 0, 100, 0, 7]],
      [grey!, 1, new Array<number>(20).fill(90)],
      [colour!, 3, [250, 100, 7].flatMap((value) => new Array<number>(20).fill(value))],
    ] as const) {
      expect(await compute.run('volume:open', { volume, path })).toMatchObject({ ...expected, components });
      const bytes: number[] = [];
      for (let channel = 0; channel < components; channel++) {
        const slice = await compute.run('volume:slices', { volume, channel, from: 0, to: 1 });
        bytes.push(...new Uint8Array(slice.bytes));
      }
      const worst = Math.max(...bytes.map((byte, n) => Math.abs(byte - values[n]!)));
      expect([bytes.length, worst <= 2], path).toEqual([values.length, true]);
      await compute.run('volume:close', { volume });
    }
  });
});

describe('VolumeReading', () => {
  it('tells of a series once its middle is there, and gives each slice when it is', async () => {
    const reading = new VolumeReading(series);
    const facts = await reading.facts(volume);
    expect(facts).toMatchObject({ volume, whole: false, modality: 'CT', dataType: 'int16', unit: 'HU' });
    const [i, j, k] = facts.grid.shape;
    const last = Buffer.from(bytesOf(await reading.slices(0, k - 1, k)));
    const { volume: expected } = await readImage(series);
    expect(facts.grid).toEqual(expected.grid);
    expect(last.equals(bytesOf(expected.data.subarray((k - 1) * i * j)))).toBe(true);
    await reading.untilWhole();
    expect(bytesOf(await reading.slices(0, 0, k)).equals(bytesOf(expected.data))).toBe(true);
    const whole = await reading.facts(volume);
    expect(whole).toMatchObject({ whole: true, dataType: 'int16', grid: expected.grid });
    expect(whole.windows.length).toBeGreaterThan(0);
  });

  it('refuses slices that there are none of, before and after it is whole', async () => {
    const reading = new VolumeReading(series);
    for (const until of [reading.facts(volume), reading.untilWhole()]) {
      await until;
      await expect(reading.slices(0, 3, 99)).rejects.toMatchObject({ kind: 'usage' });
      await expect(reading.slices(1, 0, 1)).rejects.toMatchObject({ kind: 'usage' });
    }
  });

  it('tells whoever waits that it was closed, or why it cannot be read', async () => {
    const closed = new VolumeReading(series);
    await closed.facts(volume);
    const waiting = closed.slices(0, 0, 5);
    closed.stop();
    await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(new VolumeReading('/nowhere').facts(volume)).rejects.toMatchObject({ kind: 'data' });
  });
});
