import { join } from 'node:path';
import { z } from 'zod';
import { installOracles, oraclePython } from '../../support/oracles.ts';
import { LineProcess } from './lineProcess.ts';
import { median } from './measure.ts';
import type { Dimensions, Task } from './ours.ts';

export type MemoryFormat = 'contiguous' | 'channels_last';

const timed = z.object({ milliseconds: z.number().positive() });

/** PyTorch in a process of its own, two threads, stepping the U-Net of bench_unet.py. */
export class TorchUnet {
  readonly #process: LineProcess;
  readonly #request: { dimensions: Dimensions; task: Task };

  private constructor(python: string, dimensions: Dimensions, task: Task) {
    this.#process = new LineProcess(python, [join(import.meta.dirname, 'torch_unet.py')]);
    this.#request = { dimensions, task };
  }

  static async start(dimensions: Dimensions, task: Task): Promise<TorchUnet> {
    await installOracles('torch', (line) => process.stderr.write(`${line}\n`));
    return new TorchUnet(oraclePython('torch'), dimensions, task);
  }

  get processId(): number {
    return this.#process.processId;
  }

  /** One step; milliseconds. Another format than the last time starts from a new network. */
  async step(format: MemoryFormat): Promise<number> {
    return timed.parse(await this.#process.request({ ...this.#request, format })).milliseconds;
  }

  /** The memory format that PyTorch is faster in here. */
  async fasterFormat(): Promise<MemoryFormat> {
    const [contiguous, channelsLast] = [await this.#typical('contiguous'), await this.#typical('channels_last')];
    return channelsLast < contiguous ? 'channels_last' : 'contiguous';
  }

  async #typical(format: MemoryFormat): Promise<number> {
    const times = [];
    for (let step = 0; step < 5; step++) times.push(await this.step(format));
    return median(times.slice(2));
  }

  dispose(): Promise<void> {
    return this.#process.dispose();
  }
}
