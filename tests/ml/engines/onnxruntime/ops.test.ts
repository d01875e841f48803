import fc from 'fast-check';
import { describe, it } from 'vitest';
import { openOnnxRuntime } from '../../../../ml/engines/onnxruntime/engine.ts';
import { plainLowering } from '../../../../ml/engines/onnxruntime/plain/plain.ts';
import { expectAgreement, expectGradientAgreement, expectOpAgreement } from '../support/agreement.ts';
import { allOps, seeds } from '../support/cases.ts';
import { randomGraph } from '../support/randomGraph.ts';

const engine = await openOnnxRuntime({ device: 'cpu', threads: 1, lowering: plainLowering });

describe('ONNX Runtime with the plain lowering', () => {
  it.each(allOps)('%s agrees with the reference', async (op) => {
    await fc.assert(
      fc.asyncProperty(seeds, (seed) => expectOpAgreement(engine, op, seed)),
      { numRuns: 12 },
    );
  });

  it.each(allOps)('the gradient of %s agrees with the reference', async (op) => {
    await fc.assert(
      fc.asyncProperty(seeds, (seed) => expectGradientAgreement(engine, op, seed)),
      { numRuns: 12 },
    );
  });

  it('agrees with the reference on whole random graphs', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { graph, feeds } = randomGraph(seed);
        await expectAgreement(engine, graph, feeds, 1e-3);
      }),
      // A fixed draw: a random graph may cancel to nothing, and float32 with it.
      { numRuns: 40, seed: 1 },
    );
  });
});
