import { expect, it } from 'vitest';
import { evaluate } from '../../../ml/engines/reference/evaluate.ts';
import { makeGraph } from '../../../ml/graph/graph.ts';
import { input } from '../../../ml/graph/sources.ts';
import { ParameterStore, scopeOf } from '../../../ml/nn/parameters.ts';
import { timeEmbedding } from '../../../ml/nn/timeEmbedding.ts';

it('the time embedding is that of methods.md: waves of 10000 times frequencies from 1 to 1e-4, then two layers', () => {
  const store = new ParameterStore();
  const embedding = timeEmbedding(scopeOf(store), input('time', [1]), 4);
  const identity = Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0));
  const at = (time: number) =>
    evaluate(makeGraph({ embedding }), {
      time: [time],
      'first.weight': identity,
      'first.bias': [0, 0, 0, 0],
      'second.weight': identity,
      'second.bias': [1, 2, 3, 4],
    })['embedding']!;
  const swish = (x: number): number => x / (1 + Math.exp(-x));
  for (const time of [0.001, 0.25, 1]) {
    const waves = [Math.sin(1e4 * time), Math.sin(time), Math.cos(1e4 * time), Math.cos(time)];
    for (const [i, value] of waves.entries()) expect(at(time)[i]).toBeCloseTo(swish(value) + i + 1, 9);
  }
});
