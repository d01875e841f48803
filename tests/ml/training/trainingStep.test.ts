import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../ml/engines/reference/evaluate.ts';
import { openOnnxRuntime } from '../../../ml/engines/onnxruntime/engine.ts';
import { emptyLossHistory } from '../../../ml/diffusion/timesteps/importance.ts';
import { linear } from '../../../ml/diffusion/schedules/linear.ts';
import { inputsOf } from '../../../ml/graph/graph.ts';
import { initialise } from '../../../ml/nn/parameters.ts';
import { lossOfGuessing } from '../../../ml/training/lossOfGuessing.ts';
import { averageName, momentName, nextName, squareName } from '../../../ml/training/optimiser.ts';
import { drawableSteps, stepInputs, type StepPlan } from '../../../ml/training/stepInputs.ts';
import { trainingStep, type TrainingStepConfig } from '../../../ml/training/trainingStep.ts';
import { stream } from '../../../ml/random/stream.ts';
import { tinyStep } from './tinyStep.ts';

const methods: readonly TrainingStepConfig['method'][] = [
  'direct',
  { strategy: 'recycling' },
  { strategy: 'standard' },
];

function batchOf(step: number) {
  const rng = stream(5, 'batch', step);
  return {
    step,
    image: Float32Array.from({ length: 128 }, () => rng.normal()),
    label: Uint8Array.from({ length: 128 }, () => rng.integer(3)),
  };
}

const planOf = (config: TrainingStepConfig): StepPlan => ({
  config,
  seed: 0,
  learningRate: { peak: 1e-3, warmup: 0, total: 50, final: 1e-4 },
  emaDecay: 0.99,
  schedule: linear(1000),
  timeSampling: 'uniform',
});

function firstState(config: TrainingStepConfig): Record<string, Float32Array> {
  const parameters = initialise(trainingStep(config).parameters, 0);
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, values]) => [
      [name, values],
      [averageName(name), values],
      [momentName(name), new Float32Array(values.length)],
      [squareName(name), new Float32Array(values.length)],
    ]),
  );
}

describe.each(methods)('a training step (%o)', (method) => {
  const config = tinyStep(method);
  const { graph, state, parameters } = trainingStep(config);
  const plan = planOf(config);
  const feedsOf = (step: number) => stepInputs(plan, batchOf(step), step, emptyLossHistory(drawableSteps(plan))).feeds;

  it('replaces every parameter, moment and average, and needs exactly what it is fed', () => {
    expect(Object.keys(state)).toHaveLength(4 * parameters.length);
    const needed = [...inputsOf(graph).keys()].toSorted();
    expect(needed).toEqual([...Object.keys(state), ...Object.keys(feedsOf(0))].toSorted());
    for (const [kept, output] of Object.entries(state)) {
      expect(output).toBe(nextName(kept));
      expect(graph.outputs[output!]!.shape).toEqual(inputsOf(graph).get(kept)!.shape);
    }
  });

  it('leaves frozen parts as they are, and teaches the first layers less', () => {
    const frozen = trainingStep({ ...config, frozen: ['stem', 'encoder.0'], layerDecay: 0.5 });
    const isFrozen = (name: string): boolean => /^(stem|encoder\.0)\./.test(name);
    for (const { name } of parameters) expect(frozen.state[name] === undefined).toBe(isFrozen(name));
    expect(Object.keys(frozen.state)).toHaveLength(parameters.reduce((n, { name }) => n + (isFrozen(name) ? 1 : 4), 0));
    const feeds = { ...feedsOf(0), ...firstState(config) };
    const [whole, part] = [evaluate(graph, feeds), evaluate(frozen.graph, feeds)];
    const first = firstState(config);
    const moved = (outputs: typeof whole, name: string): number => outputs[nextName(name)]![0]! - first[name]![0]!;
    expect(moved(part, 'head.weight')).toBeCloseTo(moved(whole, 'head.weight'), 9);
    expect(moved(part, 'decoder.0.0.conv2.weight')).toBeCloseTo(0.5 * moved(whole, 'decoder.0.0.conv2.weight'), 9);
  });

  it('starts at about the loss of guessing', () => {
    const { loss, sampleLoss } = evaluate(graph, { ...feedsOf(0), ...firstState(config) });
    const guess = lossOfGuessing(tinyStep('direct'), linear(100));
    expect(loss![0]).toBeGreaterThan(0.7 * guess);
    expect(loss![0]).toBeLessThan(1.2 * guess);
    expect(loss![0]).toBeCloseTo((sampleLoss![0]! + sampleLoss![1]!) / 2, 9);
  });

  it('on the engine follows the float64 reference over three steps', async () => {
    // Biases before an instance norm have no gradient but rounding, which Adam would blow up to a whole learning rate.
    const tame = trainingStep({ ...config, optimiser: { ...config.optimiser, epsilon: 1e-3 } }).graph;
    const engine = await openOnnxRuntime({ device: 'cpu', threads: 1 });
    const program = await engine.compile(tame, { state });
    let reference: Record<string, ArrayLike<number>> = firstState(config);
    program.setState(firstState(config));
    for (let step = 0; step < 3; step++) {
      const feeds = feedsOf(step);
      const expected = evaluate(tame, { ...feeds, ...reference });
      const { loss, gradientNorm } = await program.run(feeds);
      expect((await loss!.read())[0]).toBeCloseTo(expected['loss']![0]!, 3);
      expect((await gradientNorm!.read())[0]! / expected['gradientNorm']![0]!).toBeCloseTo(1, 3);
      reference = Object.fromEntries(Object.entries(state).map(([kept, output]) => [kept, expected[output!]!]));
    }
    const reached = await program.getState();
    const first = firstState(config);
    let moved = 0;
    for (const { name } of parameters)
      for (let i = 0; i < reached[name]!.length; i++) {
        expect(Math.abs(reached[name]![i]! - reference[name]![i]!)).toBeLessThan(1e-5);
        moved = Math.max(moved, Math.abs(reached[name]![i]! - first[name]![i]!));
      }
    expect(moved).toBeGreaterThan(5e-4);
    await program.dispose();
  });
});

describe('a training step of recycling', () => {
  it('has the parameters of one network although it runs two passes', () => {
    const names = (method: TrainingStepConfig['method']) =>
      trainingStep(tinyStep(method)).parameters.map(({ name }) => name);
    expect(names({ strategy: 'recycling' })).toEqual(names({ strategy: 'standard' }));
  });

  it('weighs each sample: a weight of 0 takes a sample out of the gradient', () => {
    const config = tinyStep({ strategy: 'recycling' });
    const { graph } = trainingStep(config);
    const plan = planOf(config);
    const { feeds } = stepInputs(plan, batchOf(0), 0, emptyLossHistory(drawableSteps(plan)));
    const run = (weight: readonly number[], image: ArrayLike<number>) =>
      evaluate(graph, { ...feeds, ...firstState(config), weight, image });
    const image = feeds['image']!;
    const other = Float32Array.from(image, (value, i) => (i < 64 ? value : -value));
    const [before, after] = [run([2, 0], image), run([2, 0], other)];
    expect(after['gradientNorm']).toEqual(before['gradientNorm']);
    expect(before['loss']![0]).toBeCloseTo(before['sampleLoss']![0]!, 9);
    expect(run([1, 1], other)['gradientNorm']).not.toEqual(run([1, 1], image)['gradientNorm']);
  });
});
