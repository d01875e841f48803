import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weightLayout } from '../../../../../ml/engines/onnxruntime/blocked/weightLayout.ts';
import { sizeOf } from '../../../../../ml/graph/shape.ts';
import { makeGraph } from '../../../../../ml/graph/graph.ts';
import { conv, geometry } from '../../../../../ml/graph/images.ts';
import { sum } from '../../../../../ml/graph/arrays.ts';
import { add, cos, div, exp, mul } from '../../../../../ml/graph/elementwise.ts';
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

  /** Operations that make something of zeros, which is then where channels are filled up. */
  function throughNonzeros() {
    const [x, w, v] = [input('x', [2, 24, 5, 4]), input('w', [20, 24, 3, 3]), input('v', [24, 20, 3, 3])];
    const padding = geometry(2, { padding: 1 });
    const h = exp(mul(conv(x, w, padding), 0.1));
    const y = exp(mul(conv(h, exp(mul(v, 0.1)), padding), 1e-3));
    const z = conv(y, mul(cos(w), exp(w)), padding);
    const [byW, byV] = gradients(sum(mul(z, z), [0, 1, 2, 3]), [w, v]);
    const outputs = { z, nextW: mul(add(cos(w), cos(mul(byW!, 1e-4))), exp(w)), nextV: div(byV!, add(cos(v), 2)) };
    return { graph: makeGraph(outputs), state: { w: 'nextW', v: 'nextV' } };
  }

  it('are clean where operations made something of zeros', async () => {
    const { graph, state } = throughNonzeros();
    const values = valuesFor(graph);
    for (const name of ['x', 'w', 'v']) values[name] = Float32Array.from(values[name]!, (value) => 0.05 * value);
    await expectBothWaysAlike(graph, { state }, values);
  });

  it.each(shapesInTraining)('are updated as the plain ones are: %j', async (...shape) => {
    const { graph, state } = step(shape);
    await expectBothWaysAlike(graph, { state });
  });

  const kept = [...shapesInTraining.map((shape) => [`training ${shape.join()}`, step(shape)] as const)];

  it.runIf(machineHasBlocks).each([...kept, ['nonzeros', throughNonzeros()] as const])(
    'keep zeros where they are filled up: %s',
    async (_, { graph, state }) => {
      const { model, layouts } = blockedLowering(block)(graph, { state });
      expect([...layouts.keys()].sort()).toEqual(Object.keys(state).sort());
      const session = await Session.load(encodeModel(model), { device: 'cpu', threads: 1 }, new Map());
      const values = valuesFor(graph);
      const feeds = model.inputs.map(({ name, type, shape }) => {
        const [given, layout] = [values[name]!, layouts.get(name)];
        const stored = layout && given instanceof Float32Array ? layout.pack(given) : given;
        return [name, tensorOf(type, stored, shape)] as const;
      });
      const fetches = Object.fromEntries(model.outputs.map(({ name }) => [name, null]));
      const outputs = await session.run(Object.fromEntries(feeds), fetches);
      for (const [name, output] of Object.entries(state)) {
        const layout = layouts.get(name)!;
        const places = layout.pack(new Float32Array(values[name]!.length).fill(1));
        const stored = await valuesOf(outputs[output]!);
        expect(stored.filter((value, i) => places[i] === 0 && value !== 0).length, name).toBe(0);
      }
      await session.release();
    },
  );

  it('are only of inputs that the program keeps', () => {
    const { graph } = step([24, 20, 3, 3]);
    expect(blockedLowering(16)(graph, {}).layouts.size).toBe(0);
    expect(plainLowering(graph, {}).layouts.size).toBe(0);
  });
});
