import type { Attribute, OnnxModel, OnnxNode, OnnxTensor, OnnxType, OnnxValue } from './model.ts';
import type { Shape } from '../../../graph/ops.ts';

export interface EmitOptions {
  readonly domain?: string;
  /** Number of results; default 1. */
  readonly results?: number;
}

/** Collects the nodes and constants of one ONNX graph while it is lowered. Names are made here and nowhere else. */
export class Emitter {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxTensor>();
  readonly #shared = new Map<string, string>();
  readonly #made = new Set<string>();
  readonly #outputs = new Map<string, string>();
  #values = 0;
  #origin = '';

  /** Nodes emitted until the next call carry this in their names, so that a runtime error can be traced to our graph. */
  setOrigin(origin: string): void {
    this.#origin = origin;
  }

  /** Adds a node and returns the name of its first result. */
  emit(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    { domain = '' }: EmitOptions = {},
  ): string {
    const [first] = this.emitMany(op, inputs, attributes, { domain });
    return first!;
  }

  /** Adds a node with several results and returns their names. */
  emitMany(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    { domain = '', results = 1 }: EmitOptions = {},
  ): readonly string[] {
    const outputs = Array.from({ length: results }, () => `v${this.#values++}`);
    for (const output of outputs) this.#made.add(output);
    this.#nodes.push({ name: `${this.#origin}|${outputs[0]}`, op, domain, inputs, outputs, attributes });
    return outputs;
  }

  /** Gives `value` the fixed name of an output: instead of its own, or as a copy where it is an input or has an output's name already. */
  alias(value: string, name: string): void {
    if (this.#made.has(value) && !this.#outputs.has(value)) this.#outputs.set(value, name);
    else
      this.#nodes.push({
        name: `output|${name}`,
        op: 'Identity',
        domain: '',
        inputs: [value],
        outputs: [name],
        attributes: {},
      });
  }

  float(values: readonly number[], shape: Shape): string {
    return this.constant('float32', values, shape);
  }

  /** Shapes, axes and other index lists that ONNX takes as int64 tensors. */
  indices(values: readonly number[]): string {
    return this.constant('int64', values, [values.length]);
  }

  /** A constant tensor; small equal ones are shared. */
  constant(type: OnnxType, values: readonly number[], shape: Shape): string {
    const bytes = bytesOf[type](values);
    const key = bytes.length <= 256 ? `${type}:${shape.join('x')}:${bytes.join(' ')}` : undefined;
    const known = key === undefined ? undefined : this.#shared.get(key);
    if (known !== undefined) return known;
    const name = `c${this.#initializers.size}`;
    this.#initializers.set(name, { name, type, shape, bytes });
    if (key !== undefined) this.#shared.set(key, name);
    return name;
  }

  /** A weight that stays constant in this model. */
  weight(name: string, values: Float32Array, shape: Shape): string {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#initializers.set(name, { name, type: 'float32', shape, bytes });
    return name;
  }

  finish(
    inputs: readonly OnnxValue[],
    outputs: readonly OnnxValue[],
    metadata: Readonly<Record<string, string>> = {},
  ): OnnxModel {
    const named = (names: readonly string[]): readonly string[] => names.map((name) => this.#outputs.get(name) ?? name);
    const nodes = this.#nodes.map((node) => ({ ...node, inputs: named(node.inputs), outputs: named(node.outputs) }));
    return { nodes, initializers: [...this.#initializers.values()], inputs, outputs, metadata };
  }
}

const bytesOf: Readonly<Record<OnnxType, (values: readonly number[]) => Uint8Array>> = {
  float32: (values) => new Uint8Array(Float32Array.from(values).buffer),
  int32: (values) => new Uint8Array(Int32Array.from(values).buffer),
  int64: (values) => new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
  bool: (values) => Uint8Array.from(values, (value) => (value === 0 ? 0 : 1)),
};
