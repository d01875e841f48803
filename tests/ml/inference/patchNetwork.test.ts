import { describe, expect, it } from 'vitest';
import { openOnnxRuntime } from '../../../ml/engines/onnxruntime/engine.ts';
import { evaluate } from '../../../ml/engines/reference/evaluate.ts';
import { networkGraph } from '../../../ml/inference/networkGraph.ts';
import { openChangingNetwork, openPatchNetwork } from '../../../ml/inference/patchNetwork.ts';
import { initialise } from '../../../ml/nn/parameters.ts';
import { trainingStep } from '../../../ml/training/trainingStep.ts';
import { stream } from '../../../ml/random/stream.ts';
import { tinyNetwork, tinyStep } from '../training/tinyStep.ts';

const config = tinyNetwork({ maskChannels: 3 });
const { graph, parameters } = networkGraph(config, 1, [8, 8]);
const weights = initialise(parameters, 0);
const draw = (name: string, count: number): Float32Array => {
  const rng = stream(9, name);
  return Float32Array.from({ length: count }, () => rng.uniform());
};
const image = draw('image', 64);
const noisy = { mask: draw('mask', 192), time: 0.25 };
const engine = await openOnnxRuntime({ device: 'cpu', threads: 1 });

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));

describe('a patch network', () => {
  it('computes what the reference does, with fixed weights and with replaced ones', async () => {
    const expected = evaluate(graph, { ...weights, image, mask: noisy.mask, time: [noisy.time] })['probability']!;
    const fixed = await openPatchNetwork(engine, config, [8, 8], weights);
    const first = await fixed.predict(image, noisy);
    expect(furthest(first, expected)).toBeLessThan(1e-5);
    expect(await fixed.predict(image, noisy)).toEqual(first);
    await fixed.dispose();

    const changing = await openChangingNetwork(engine, config, [8, 8]);
    changing.setWeights(initialise(parameters, 1));
    expect(furthest(await changing.predict(image, noisy), expected)).toBeGreaterThan(1e-4);
    changing.setWeights(weights);
    expect(furthest(await changing.predict(image, noisy), expected)).toBeLessThan(1e-5);
    await changing.dispose();
  });

  it('has the parameters that training has', () => {
    expect(trainingStep(tinyStep({ strategy: 'recycling' })).parameters).toEqual(parameters);
    expect(trainingStep(tinyStep('direct')).parameters).toEqual(networkGraph(tinyNetwork(), 1, [16, 8]).parameters);
  });

  it('refuses weights that are missing or of another size, naming them', async () => {
    const rest = Object.fromEntries(Object.entries(weights).filter(([name]) => name !== 'head.bias'));
    const open = (given: Record<string, Float32Array>) => openPatchNetwork(engine, config, [8, 8], given);
    await expect(open(rest)).rejects.toMatchObject({ kind: 'model', where: 'head.bias', what: 'a weight is missing' });
    await expect(open({ ...weights, 'head.bias': new Float32Array(2) })).rejects.toMatchObject({
      kind: 'model',
      what: 'a weight has 2 values instead of 3',
    });
  });
});
