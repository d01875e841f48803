import { describe, expect, it } from 'vitest';
import { openOnnxRuntime } from '../../../../ml/engines/onnxruntime/engine.ts';
import { softwareVulkanEnvironment } from '../../../support/vulkan.ts';
import { expectGradientAgreement, expectOpAgreement } from '../support/agreement.ts';
import { allOps } from '../support/cases.ts';
import type { OpKind } from '../../../../ml/graph/ops.ts';

// Read when the runtime first asks for a graphics card. A card in software answers like a real one, only slowly.
Object.assign(process.env, softwareVulkanEnvironment);
const engine = await openOnnxRuntime({ device: 'webgpu', threads: 1 });
const draws = [1, 2, 3];

// WGSL, section 15.7.4.1, allows sin and cos an absolute error of 2^-11; the largest value drawn may be below 1.
const toleranceOf = (op: OpKind): number => (op === 'sin' || op === 'cos' ? 2 ** -10 : 1e-4);

describe('ONNX Runtime on WebGPU', () => {
  it('is what computes', () => {
    expect(engine.device).toEqual({ asked: 'webgpu', used: 'webgpu', reasons: [] });
  });

  it.each(allOps)('%s agrees with the reference', async (op) => {
    for (const seed of draws) await expectOpAgreement(engine, op, seed, toleranceOf(op));
  });

  it.each(allOps)('the gradient of %s agrees with the reference', async (op) => {
    for (const seed of draws) await expectGradientAgreement(engine, op, seed, toleranceOf(op));
  });
});
