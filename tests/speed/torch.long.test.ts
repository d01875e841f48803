import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { peakMemory } from './support/peakMemory.ts';
import { TorchUnet } from './support/torchUnet.ts';

/** Time on processors since its start, in hundredths of a second. */
async function processorTime(processId: number): Promise<number> {
  const fields = (await readFile(`/proc/${processId}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

describe('the PyTorch side of the bench', () => {
  it('steps in both memory formats and does nothing while our side is measured', async () => {
    const torch = await TorchUnet.start(2, 'train');
    try {
      expect(await torch.step('contiguous')).toBeGreaterThan(0);
      expect(await torch.step('channels_last')).toBeGreaterThan(0);
      expect(await peakMemory(torch.processId)).toBeGreaterThan(200);
      await pause(100);
      const before = await processorTime(torch.processId);
      await pause(1000);
      expect((await processorTime(torch.processId)) - before).toBeLessThanOrEqual(2);
    } finally {
      await torch.dispose();
    }
  });
});
