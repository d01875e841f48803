import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../../../ml/engines/reference/evaluate.ts';
import { runPython } from '../../../support/python.ts';
import { allOps, makeCase } from '../support/cases.ts';
import type { Node, OpKind } from '../../../../ml/graph/ops.ts';

const CASES_PER_OP = 60;

/** Relative to the largest value: float64 sums in another order. */
const TOLERANCE = 1e-12;

/** Reads a list of {op, attributes, shape, operands: [{type, shape, data}]}, prints the values that PyTorch computes in float64. */
const script = `
import json, sys
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
TYPES = {'float32': torch.float64, 'int32': torch.int64, 'bool': torch.bool}

def tensor(operand):
    return torch.tensor(operand['data'], dtype=torch.float64).reshape(operand['shape']).to(TYPES[operand['type']])

def pad_image(x, padding):
    return F.pad(x, [n for pair in reversed(padding) for n in pair])

def convolve(x, w, a):
    conv = [F.conv1d, F.conv2d, F.conv3d][x.dim() - 3]
    return conv(pad_image(x, a['padding']), w, stride=a['stride'], dilation=a['dilation'], groups=a['groups'])

def input_gradient(w, y, a, shape):
    x = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(convolve(x, w, a), x, y)[0]

def weight_gradient(x, y, a, shape):
    w = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(convolve(x, w, a), w, y)[0]

def swish_gradient(x, y, a, shape):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(x * torch.sigmoid(a['alpha'] * x), x, y)[0]

def pad(x, a):
    out = torch.zeros([l + n + (n - 1) * i + h for l, n, i, h in zip(a['low'], x.shape, a['interior'], a['high'])], dtype=x.dtype)
    out[tuple(slice(l, l + (n - 1) * (i + 1) + 1, i + 1) for l, n, i in zip(a['low'], x.shape, a['interior']))] = x
    return out

def enlarge(x, a):
    for axis, times in enumerate(a['scale']):
        x = x.repeat_interleave(times, dim=axis + 2)
    return x

def pool(functions, x, a):
    return functions[x.dim() - 3](x, a['kernel'], a['stride'])

UNARY = dict(neg=torch.neg, exp=torch.exp, log=torch.log, sqrt=torch.sqrt, abs=torch.abs, sign=torch.sign, sigmoid=torch.sigmoid,
    tanh=torch.tanh, erf=torch.erf, sin=torch.sin, cos=torch.cos)
BINARY = dict(add=torch.add, sub=torch.sub, mul=torch.mul, div=torch.div, max=torch.maximum, min=torch.minimum, less=torch.lt,
    equal=torch.eq, matmul=torch.matmul)

OPS = {name: lambda x, a, shape, f=f: f(x[0]) for name, f in UNARY.items()}
OPS.update({name: lambda x, a, shape, f=f: f(x[0], x[1]) for name, f in BINARY.items()})
OPS.update(
    input=lambda x, a, shape: x[0],
    constant=lambda x, a, shape: torch.tensor(a['data'], dtype=torch.float64).reshape([1] * len(shape) if len(a['data']) == 1 else shape).expand(shape),
    swish=lambda x, a, shape: x[0] * torch.sigmoid(a['alpha'] * x[0]),
    swishGradient=lambda x, a, shape: swish_gradient(x[0], x[1], a, shape),
    stopGradient=lambda x, a, shape: x[0].detach(),
    select=lambda x, a, shape: torch.where(x[0], x[1], x[2]),
    cast=lambda x, a, shape: x[0].to(TYPES[a['to']]),
    reshape=lambda x, a, shape: x[0].reshape(a['shape']),
    transpose=lambda x, a, shape: x[0].permute(a['permutation']),
    broadcastTo=lambda x, a, shape: x[0].expand(a['shape']),
    slice=lambda x, a, shape: x[0][tuple(slice(*r) for r in zip(a['start'], a['stop'], a['step']))],
    pad=lambda x, a, shape: pad(x[0], a),
    concat=lambda x, a, shape: torch.cat(x, dim=a['axis']),
    gather=lambda x, a, shape: torch.index_select(x[0], a['axis'], x[1]),
    scatterAdd=lambda x, a, shape: torch.zeros(shape, dtype=torch.float64).index_add(a['axis'], x[1], x[0]),
    sum=lambda x, a, shape: x[0].sum(dim=a['axes'], keepdim=True),
    reduceMax=lambda x, a, shape: x[0].amax(dim=a['axes'], keepdim=True),
    argMax=lambda x, a, shape: x[0].argmax(dim=a['axis'], keepdim=True),
    conv=lambda x, a, shape: convolve(x[0], x[1], a),
    convInputGradient=lambda x, a, shape: input_gradient(x[0], x[1], a, shape),
    convWeightGradient=lambda x, a, shape: weight_gradient(x[0], x[1], a, shape),
    averagePool=lambda x, a, shape: pool([F.avg_pool1d, F.avg_pool2d, F.avg_pool3d], x[0], a),
    maxPool=lambda x, a, shape: pool([F.max_pool1d, F.max_pool2d, F.max_pool3d], x[0], a),
    resizeNearest=lambda x, a, shape: enlarge(x[0], a),
    softmax=lambda x, a, shape: torch.softmax(x[0], a['axis']),
    logSoftmax=lambda x, a, shape: torch.log_softmax(x[0], a['axis']),
)

results = []
for case in json.load(sys.stdin):
    y = OPS[case['op']]([tensor(x) for x in case['operands']], case['attributes'], case['shape'])
    assert list(y.shape) == case['shape'], (case, y.shape)
    results.append(y.to(torch.float64).reshape(-1).tolist())
print(json.dumps(results, allow_nan=False))
`;

interface Question {
  readonly op: OpKind;
  readonly attributes: object;
  readonly shape: readonly number[];
  readonly operands: readonly { type: string; shape: readonly number[]; data: readonly number[] }[];
  readonly found: Float64Array;
}

function questionOf(op: OpKind, seed: number): Question {
  const { node, graph, feeds } = makeCase(op, seed);
  const operandOf = ({ op: kind, attributes, type, shape }: Node) => {
    if (kind !== 'input' || !('name' in attributes)) throw new Error('cases stand on inputs');
    return { type, shape, data: feeds[attributes.name]! };
  };
  const operands = (op === 'input' ? [node] : node.inputs).map(operandOf);
  return { op, attributes: node.attributes, shape: node.shape, operands, found: evaluate(graph, feeds)['result']! };
}

describe('the reference engine', () => {
  const questions = allOps.flatMap((op) => Array.from({ length: CASES_PER_OP }, (_, seed) => questionOf(op, seed)));
  let answers: readonly (readonly number[])[] = [];

  beforeAll(async () => {
    const input = JSON.stringify(
      questions.map(({ op, attributes, shape, operands }) => ({ op, attributes, shape, operands })),
    );
    answers = await runPython(script, [], { oracles: 'torch', input });
  }, 600_000);

  it.each(allOps)('computes %s as PyTorch does in float64', (op) => {
    for (const [i, { op: asked, found }] of questions.entries()) {
      if (asked !== op) continue;
      const expected = answers[i]!;
      const size = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
      expect(found).toHaveLength(expected.length);
      for (const [k, value] of expected.entries())
        expect(Math.abs(found[k]! - value), `seed ${i % CASES_PER_OP} at ${k}`).toBeLessThan(TOLERANCE * size);
    }
  });
});
