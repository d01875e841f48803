import type { Comparison, Contest } from './comparison.ts';
import { type Dimensions, type Task, benchUnet } from './ours.ts';
import { TorchUnet } from './torchUnet.ts';

async function prepare(dimensions: Dimensions, task: Task): Promise<Contest> {
  const torch = await TorchUnet.start(dimensions, task);
  try {
    const format = await torch.fasterFormat();
    const unet = await benchUnet(dimensions, task);
    return {
      async ours() {
        const start = performance.now();
        await unet.step();
        return performance.now() - start;
      },
      theirs: () => torch.step(format),
      async dispose() {
        await unet.dispose();
        await torch.dispose();
      },
    };
  } catch (error) {
    await torch.dispose();
    throw error;
  }
}

/** Time of one step of the U-Net against PyTorch in whichever memory format it is faster. */
export function unetTime(name: string, dimensions: Dimensions, task: Task): Comparison {
  const against = 'PyTorch, its faster memory format, 2 threads';
  return { name, unit: 'ms', against, warmups: 3, prepare: () => prepare(dimensions, task) };
}
