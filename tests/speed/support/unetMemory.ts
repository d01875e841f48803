import { join } from 'node:path';
import type { Comparison } from './comparison.ts';
import { LineProcess } from './lineProcess.ts';
import type { Dimensions } from './ours.ts';
import { peakMemory } from './peakMemory.ts';
import { TorchUnet } from './torchUnet.ts';

const steps = 5;

async function ours(dimensions: Dimensions): Promise<number> {
  const child = new LineProcess(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'trainUnet.ts')]);
  try {
    await child.request({ dimensions, steps });
    return await peakMemory(child.processId);
  } finally {
    await child.dispose();
  }
}

async function theirs(dimensions: Dimensions): Promise<number> {
  const torch = await TorchUnet.start(dimensions, 'train');
  try {
    for (let step = 0; step < steps; step++) await torch.step('channels_last');
    return await peakMemory(torch.processId);
  } finally {
    await torch.dispose();
  }
}

/** Peak resident memory of a fresh process that trains the U-Net, from its start. */
export function unetMemory(name: string, dimensions: Dimensions): Comparison {
  return {
    name,
    unit: 'MiB',
    against: 'PyTorch, channels last, 2 threads',
    warmups: 0,
    prepare: () =>
      Promise.resolve({
        ours: () => ours(dimensions),
        theirs: () => theirs(dimensions),
        dispose: () => Promise.resolve(),
      }),
  };
}
