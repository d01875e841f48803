import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weightLayout } from '../../../../../ml/engines/onnxruntime/blocked/weightLayout.ts';
import { sizeOf } from '../../../../../ml/graph/shape.ts';
import { makeGraph } from '../../../../../ml/graph/graph.ts';
import { conv, geometry } from '../../../../../ml/graph/images.ts';
import { sum } from '../../../../../ml/graph/arrays.ts';
import { mul } from '../../../../../ml/graph/elementwise.ts';
import { gradients } from '../../../../../ml/autodiff/gradients.ts';
import { input } from '../../../../../ml/graph/sources.ts';
import {
  adamW,
  defaultAdamW,
  momentName,
  nextName,
  squareName,
  stepNumbers,
} from '../../../../../ml/training/optimiser.ts';
import { blockedLowering } from '../../../../../ml/engines/onnxruntime/blocked/blocked.ts';
import { plainLowering } from '../../../../../ml/engines/onnxruntime/plain/plain.ts';
import { encodeModel } from '../../../../../ml/engines/onnxruntime/onnx/model.ts';
import { Session, tensorOf, valuesOf } from '../../../../../ml/engines/onnxruntime/session.ts';
import { block, expectBothWaysAlike, machineHasBlocks, valuesFor } from './bothWays.ts';

const shapes = fc.tuple(
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 40 }),
  fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 3 }),
);

describe('weights in blocked order', () => {
  it('come back as they went in, and what is filled up is zero', () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom(8, 16), ([o, i, kernel], size) => {
        const shape = [o, i, ...kernel];
        const values = Float32Array.from({ length: sizeOf(shape) }, (_, index) => index + 1);
        const layout = weightLayout(shape, size);
        const stored = layout.pack(values);
        expect(stored.length).toBe(sizeOf(layout.shape));
        expect(layout.unpack(stored)).toEqual(values);
        expect(stored.filter((value) => value !== 0).length).toBe(values.length);
      }),
    );
  });

  it('have the outputs of a block side by side, then its inputs, then the taps', () => {
    // o, i, tap of [32, 32, 3, 3], blocks of 16: output 17 is the second of the second block.
    const values = new Float32Array(32 * 32 * 9);
    values[(17 * 32 + 18) * 9 + 4] = 1;
    expect(weightLayout([32, 32, 3, 3], 16).pack(values).indexOf(1)).toBe((((1 * 2 + 1) * 9 + 4) * 16 + 2) * 16 + 1);
  });

  const shapesInTraining = [
    [24, 3, 3, 3],
    [24, 20, 3, 3],
    [8, 24, 3, 3, 3],
    [32, 16, 1, 1],
  ];

  /** One training step of one filter. */
  function step(shape: readonly number[]) {
    const dimensions = shape.length - 2;
    const w = input('w', shape);
    const x = input('x', [2, shape[1]!, ...new Array<number>(dimensions).fill(5)]);
    const y = conv(x, w, geometry(dimensions, { padding: (shape[2]! - 1) / 2 }));
    const slopes = gradients(sum(mul(y, y), [...y.shape.keys()]), [w]);
    const updates = adamW([w], slopes, stepNumbers(), defaultAdamW);
    const kept = ['w', momentName('w'), squareName('w')];
    return { graph: makeGraph(updates), state: Object.fromEntries(kept.map((name) => [name, nextName(name)])) };
  }

  it.each(shapesInTraining)('are updated as the plain ones are: %j', async (...shape) => {
    const { graph, state } = step(shape);
    await expectBothWaysAlike(graph, { state });
  });

  it.runIf(machineHasBlocks).each(shapesInTraining)('keep zeros where they are filled up: %j', async (...shape) => {
    const { graph, state } = step(shape);
    const { model, layouts } = blockedLowering(block)(graph, { state });
    expect([...layouts.keys()]).toEqual(Object.keys(state));
    const session = await Session.load(encodeModel(model), { device: 'cpu', threads: 1 }, new Map());
    const values = valuesFor(graph);
    const feeds = model.inputs.map(({ name, type, shape: stored }) => {
      const given = values[name]!;
      const layout = layouts.get(name);
      return [
        name,
        tensorOf(type, layout && given instanceof Float32Array ? layout.pack(given) : given, stored),
      ] as const;
    });
    const outputs = await session.run(
      Object.fromEntries(feeds),
      Object.fromEntries(model.outputs.map(({ name }) => [name, null])),
    );
    const places = layouts.get('w')!.pack(new Float32Array(sizeOf(shape)).fill(1));
    for (const name of Object.values(state)) {
      const stored = await valuesOf(outputs[name]!);
      expect(stored.filter((value, i) => places[i] === 0 && !Object.is(Math.abs(value), 0)).length, name).toBe(0);
    }
    await session.release();
  });

  it('are only of inputs that the program keeps', () => {
    const { graph } = step([24, 20, 3, 3]);
    expect(blockedLowering(16)(graph, {}).layouts.size).toBe(0);
    expect(plainLowering(graph, {}).layouts.size).toBe(0);
  });
});
