import { runPython } from './python.ts';

/** A small network as others would write it; what is left out is as it should be. */
export interface OnnxFile {
  /** Of the input, a name for what is free; default [1, 1, 4, 3, 2]. */
  readonly input?: readonly (number | string)[];
  readonly type?: 'FLOAT' | 'FLOAT16' | 'INT64';
  readonly inputs?: 1 | 2;
  readonly outputs?: 1 | 2;
  readonly operators?: number;
  readonly domain?: string;
  /** Whether the weight lies in a file of its own. */
  readonly isSplit?: boolean;
  /** What the second of its two outputs is multiplied by; the first is its negative. */
  readonly weight?: number;
}

const script = `
import json, sys
import numpy, onnx
from onnx import TensorProto, helper, numpy_helper
path, options = sys.argv[1], json.loads(sys.argv[2])
kind = getattr(TensorProto, options.get('type', 'FLOAT'))
shape = options.get('input', [1, 1, 4, 3, 2])
element = helper.tensor_dtype_to_np_dtype(kind)
weight = numpy_helper.from_array(numpy.full([1024] if options.get('isSplit') else [1], options.get('weight', 1), element), 'weight')
axis = numpy_helper.from_array(numpy.array(2, numpy.int64), 'axis')
first = numpy_helper.from_array(numpy.zeros(1, numpy.int64), 'first')
domain = options.get('domain', '')
nodes = [
    helper.make_node('Gather', ['weight', 'first'], ['factor']),
    helper.make_node('CumSum', ['image', 'axis'], ['sum']),
    helper.make_node('Mul', ['sum', 'factor'], ['scaled'], domain=domain),
    helper.make_node('Neg', ['scaled'], ['negative']),
    helper.make_node('Concat', ['negative', 'scaled'], ['logits'], axis=1),
]
inputs = [helper.make_tensor_value_info('image', kind, shape)]
outputs = [helper.make_tensor_value_info('logits', kind, [shape[0], 2, *shape[2:]])]
if options.get('inputs') == 2:
    inputs.append(helper.make_tensor_value_info('other', kind, shape))
if options.get('outputs') == 2:
    outputs.append(helper.make_tensor_value_info('sum', kind, shape))
graph = helper.make_graph(nodes, 'graph', inputs, outputs, [weight, axis, first])
sets = [helper.make_opsetid('', options.get('operators', 18))]
if domain:
    sets.append(helper.make_opsetid(domain, 1))
model = helper.make_model(graph, opset_imports=sets, ir_version=9)
onnx.save(model, path, save_as_external_data=options.get('isSplit', False), size_threshold=1024, location='weights.bin')
print(1)`;

/** Writes a network whose logits are minus and plus the sum of the image along its first axis in space. */
export async function writeOnnx(path: string, options: OnnxFile = {}): Promise<string> {
  await runPython<number>(script, [path, JSON.stringify(options)]);
  return path;
}
