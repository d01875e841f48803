import { describe, expect, it } from 'vitest';
import { probeBlocks } from '../../../../../ml/engines/onnxruntime/blocked/probe.ts';
import { openOnnxRuntime } from '../../../../../ml/engines/onnxruntime/engine.ts';
import { block, machineHasBlocks } from './bothWays.ts';

describe('the probe for blocked kernels', () => {
  it('accepts them wherever this CPU has them, and says why not elsewhere', async () => {
    const probe = await probeBlocks(1);
    if (machineHasBlocks) expect(probe).toEqual({ block });
    else expect(probe).toHaveProperty('fault');
  });

  it('gives its reason where the engine does without them', async () => {
    const { device } = await openOnnxRuntime({ device: 'cpu', threads: 1 });
    expect(device.reasons.length).toBe(machineHasBlocks ? 0 : 1);
  });
});
