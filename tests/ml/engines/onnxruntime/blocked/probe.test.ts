import { describe, expect, it } from 'vitest';
import { probeBlocks } from '../../../../../ml/engines/onnxruntime/blocked/probe.ts';
import { openOnnxRuntime } from '../../../../../ml/engines/onnxruntime/engine.ts';

describe('the probe for blocked kernels', () => {
  it('finds a block of 8 or 16 channels, or says why there is none', async () => {
    const probe = await probeBlocks(1);
    if ('block' in probe) expect([8, 16]).toContain(probe.block);
    else expect(probe.fault).not.toBe('');
  });

  it('gives its reason where the engine does without them', async () => {
    const probe = await probeBlocks(1);
    const { device } = await openOnnxRuntime({ device: 'cpu', threads: 1 });
    expect(device.reasons.length).toBe('block' in probe ? 0 : 1);
  });
});
