import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../ml/engines/reference/evaluate.ts';
import { oneHot } from '../../../ml/graph/arrays.ts';
import { makeGraph } from '../../../ml/graph/graph.ts';
import { input } from '../../../ml/graph/sources.ts';
import { stream } from '../../../ml/random/stream.ts';
import { segmentationLoss, type SegmentationWeights } from '../../../ml/training/loss.ts';
import {
  adamW,
  clipGradients,
  gradientNorm,
  momentName,
  nextName,
  squareName,
  stepNumbers,
} from '../../../ml/training/optimiser.ts';
import { runPython } from '../../support/python.ts';

const draw = (name: string, count: number): number[] => {
  const rng = stream(11, name);
  return Array.from({ length: count }, () => rng.normal());
};

describe('losses', () => {
  const [n, k, s] = [3, 3, 40];
  const logits = draw('logits', n * k * s);
  // The second sample lacks class 2, so that the Dice is over what is present.
  const labels = draw('labels', n * s).map((value, i) => {
    const label = value < 0 ? 0 : value < 0.7 ? 1 : 2;
    return Math.floor(i / s) === 1 && label === 2 ? 0 : label;
  });

  it('are those of MONAI: Dice over the foreground, focal with gamma 2, and cross entropy of PyTorch', async () => {
    const script = `
import json, sys, torch
from monai.losses import DiceLoss, FocalLoss
given = json.load(sys.stdin)
logits = torch.tensor(given['logits'], dtype=torch.float64).reshape(${n}, ${k}, ${s})
labels = torch.tensor(given['labels']).reshape(${n}, 1, ${s})
dice = DiceLoss(include_background=False, softmax=True, to_onehot_y=True, reduction='none', smooth_nr=0, smooth_dr=1e-5)
focal = FocalLoss(include_background=True, use_softmax=True, to_onehot_y=True, gamma=2, reduction='none')
each = dice(logits, labels).reshape(${n}, ${k - 1})
present = torch.stack([(labels == c).reshape(${n}, -1).any(1) for c in range(1, ${k})], 1)
print(json.dumps({
    'dice': ((each * present).sum(1) / present.sum(1)).tolist(),
    'focal': focal(logits, labels).sum(1).mean(1).tolist(),
    'crossEntropy': torch.nn.functional.cross_entropy(logits, labels[:, 0], reduction='none').mean(1).tolist(),
    'absent': bool((~present).any()),
}))`;
    const theirs = await runPython<Record<keyof SegmentationWeights, number[]> & { absent: boolean }>(script, [], {
      oracles: 'torch',
      input: JSON.stringify({ logits, labels }),
    });
    expect(theirs.absent).toBe(true);
    for (const part of ['dice', 'focal', 'crossEntropy'] as const) {
      const weights = { dice: 0, focal: 0, crossEntropy: 0, [part]: 1 };
      const mask = oneHot(input('label', [n, 1, s], 'int32'), k);
      const loss = segmentationLoss(input('logits', [n, k, s]), mask, weights);
      const ours = evaluate(makeGraph({ loss }), { logits, label: labels })['loss']!;
      for (const [i, value] of theirs[part].entries()) expect(ours[i]).toBeCloseTo(value, 5);
    }
  });
});

it('clipping and AdamW are those of PyTorch, decay on weights alone, over 20 steps', async () => {
  const steps = 20;
  const gradients = Array.from({ length: steps }, (_, step) => draw(`gradient ${step}`, 9).map((g) => (step % 3) * g));
  const start = draw('start', 9);
  const script = `
import json, sys, torch
given = json.load(sys.stdin)
start = torch.tensor(given['start'], dtype=torch.float64)
weight, bias = torch.nn.Parameter(start[:6].reshape(2, 3).clone()), torch.nn.Parameter(start[6:].clone())
optimiser = torch.optim.AdamW([{'params': [weight], 'weight_decay': 0.01}, {'params': [bias], 'weight_decay': 0}], lr=0.01)
for gradient in given['gradients']:
    g = torch.tensor(gradient, dtype=torch.float64)
    weight.grad, bias.grad = g[:6].reshape(2, 3).clone(), g[6:].clone()
    torch.nn.utils.clip_grad_norm_([weight, bias], 1.0)
    optimiser.step()
print(json.dumps(torch.cat([weight.detach().reshape(-1), bias.detach()]).tolist()))`;
  const theirs = await runPython<number[]>(script, [], {
    oracles: 'torch',
    input: JSON.stringify({ start, gradients }),
  });

  const config = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };
  const parameters = [input('weight', [2, 3]), input('bias', [3])];
  const slopes = [input('g.weight', [2, 3]), input('g.bias', [3])];
  const clipped = clipGradients(slopes, gradientNorm(slopes), 1);
  const graph = makeGraph(adamW(parameters, clipped, stepNumbers(), config));
  const kept = ['weight', 'bias'].flatMap((name) => [name, momentName(name), squareName(name)]);
  let state: Record<string, ArrayLike<number>> = {
    weight: start.slice(0, 6),
    bias: start.slice(6),
    [momentName('weight')]: new Float64Array(6),
    [squareName('weight')]: new Float64Array(6),
    [momentName('bias')]: new Float64Array(3),
    [squareName('bias')]: new Float64Array(3),
  };
  for (const [step, gradient] of gradients.entries()) {
    const out = evaluate(graph, {
      ...state,
      'g.weight': gradient.slice(0, 6),
      'g.bias': gradient.slice(6),
      learningRate: [0.01],
      correction1: [1 / (1 - config.beta1 ** (step + 1))],
      correction2: [1 / (1 - config.beta2 ** (step + 1))],
    });
    state = Object.fromEntries(kept.map((name) => [name, out[nextName(name)]!]));
  }
  const ours = [...Array.from(state['weight']!), ...Array.from(state['bias']!)];
  for (const [i, value] of theirs.entries()) expect(ours[i]).toBeCloseTo(value, 8);
});
