import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { installOracles, oraclePython } from '../../support/oracles.ts';
import { LineProcess } from './lineProcess.ts';
import { median } from './measure.ts';
import { shippedModel } from './shippedDiffusion.ts';
import type { MemoryFormat } from './torchUnet.ts';

const timed = z.object({ milliseconds: z.number().positive() });

/** diffusion_torch.py in a process of its own: the shipped network and its sampling in PyTorch, two threads. */
export class TorchDiffusion {
  readonly #process: LineProcess;
  readonly #folder: string;

  private constructor(python: string, folder: string) {
    this.#process = new LineProcess(python, [join(import.meta.dirname, 'diffusion_torch.py'), shippedModel]);
    this.#folder = folder;
  }

  /** @param folder For image, noise and mask. */
  static async start(folder: string, image: Float32Array, noise: Float32Array): Promise<TorchDiffusion> {
    await installOracles('torch', (line) => process.stderr.write(`${line}\n`));
    await writeFile(join(folder, 'image'), image);
    await writeFile(join(folder, 'noise'), noise);
    return new TorchDiffusion(oraclePython('torch'), folder);
  }

  /** One sample of `steps` DDIM steps; milliseconds. */
  async sample(steps: number, format: MemoryFormat): Promise<number> {
    const [image, noise, mask] = ['image', 'noise', 'mask'].map((name) => join(this.#folder, name));
    return timed.parse(await this.#process.request({ image, noise, mask, steps, format })).milliseconds;
  }

  async fasterFormat(steps: number): Promise<MemoryFormat> {
    const typical = async (format: MemoryFormat): Promise<number> => {
      const times = [];
      for (let run = 0; run < 3; run++) times.push(await this.sample(steps, format));
      return median(times);
    };
    return (await typical('channels_last')) < (await typical('contiguous')) ? 'channels_last' : 'contiguous';
  }

  /** Class indices of the last sample. */
  mask(): Promise<Uint8Array> {
    return readFile(join(this.#folder, 'mask'));
  }

  dispose(): Promise<void> {
    return this.#process.dispose();
  }
}
