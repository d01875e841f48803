import { invariant } from '../../check/invariant.ts';
import { inputsOf, type Graph } from '../../graph/graph.ts';
import { sizeOf } from '../../graph/shape.ts';
import { tensorOf, valuesOf, type RuntimeTensor, type Session } from './session.ts';
import type { ElementType, NodeOf, Shape } from '../../graph/ops.ts';
import type { Buffer, CompileOptions, Program, Values } from '../engine.ts';
import type { Layout } from './lowering.ts';

class RuntimeBuffer implements Buffer {
  readonly type: ElementType;
  readonly shape: Shape;
  readonly tensor: RuntimeTensor;

  constructor(type: ElementType, shape: Shape, tensor: RuntimeTensor) {
    this.type = type;
    this.shape = shape;
    this.tensor = tensor;
  }

  read(): Promise<Values> {
    return valuesOf(this.tensor);
  }

  dispose(): void {
    this.tensor.dispose();
  }
}

/** A loaded graph with its kept inputs. Those that a run replaces are held twice, and each run writes to the other copy. */
export class RuntimeProgram implements Program {
  readonly #graph: Graph;
  readonly #session: Session;
  readonly #layouts: ReadonlyMap<string, Layout>;
  readonly #inputs: ReadonlyMap<string, NodeOf<'input'>>;
  readonly #replacedBy: Readonly<Record<string, string | undefined>>;
  readonly #constants: ReadonlySet<string>;
  readonly #current = new Map<string, RuntimeTensor>();
  readonly #spare = new Map<string, RuntimeTensor>();

  constructor(
    graph: Graph,
    session: Session,
    layouts: ReadonlyMap<string, Layout>,
    { state = {}, constants = {} }: CompileOptions,
  ) {
    this.#graph = graph;
    this.#session = session;
    this.#layouts = layouts;
    this.#inputs = inputsOf(graph);
    this.#replacedBy = state;
    this.#constants = new Set(Object.keys(constants));
  }

  setState(values: Readonly<Record<string, Values>>): void {
    for (const [name, given] of Object.entries(values)) {
      invariant(name in this.#replacedBy, `${name} is not kept by the program`);
      const { type, shape } = this.#inputs.get(name) ?? invalidInput(name);
      invariant(given.length === sizeOf(shape), `${name}: ${given.length} values do not fill [${shape.join(', ')}]`);
      const layout = this.#layouts.get(name);
      const stored = layout && given instanceof Float32Array ? layout.pack(given) : given.slice();
      const storedShape = layout?.shape ?? shape;
      this.#current.set(name, tensorOf(type, stored, storedShape));
      if (this.#replacedBy[name] !== undefined && !this.#spare.has(name))
        this.#spare.set(name, tensorOf(type, stored.slice(), storedShape));
    }
  }

  async getState(): Promise<Record<string, Values>> {
    const values: Record<string, Values> = {};
    for (const [name, tensor] of this.#current) {
      const stored = await valuesOf(tensor);
      const layout = this.#layouts.get(name);
      values[name] = layout && stored instanceof Float32Array ? layout.unpack(stored) : stored.slice();
    }
    return values;
  }

  async run(feeds: Readonly<Record<string, Values | Buffer>>): Promise<Record<string, Buffer>> {
    const results = await this.#session.run(this.#feedsOf(feeds), this.#fetches());
    const replaced = new Set<string>();
    for (const [name, output] of Object.entries(this.#replacedBy)) {
      if (output === undefined) continue;
      replaced.add(output);
      const next = this.#spare.get(name)!;
      this.#spare.set(name, this.#current.get(name)!);
      this.#current.set(name, next);
    }
    const outputs: Record<string, Buffer> = {};
    for (const [name, { type, shape }] of Object.entries(this.#graph.outputs))
      if (!replaced.has(name)) outputs[name] = new RuntimeBuffer(type, shape, results[name]!);
    return outputs;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }

  #feedsOf(feeds: Readonly<Record<string, Values | Buffer>>): Record<string, RuntimeTensor> {
    const tensors: Record<string, RuntimeTensor> = {};
    for (const [name, { type, shape }] of this.#inputs) {
      if (this.#constants.has(name)) continue;
      const given = feeds[name];
      if (name in this.#replacedBy) tensors[name] = this.#current.get(name) ?? missing(name);
      else if (given instanceof RuntimeBuffer) tensors[name] = given.tensor;
      else tensors[name] = tensorOf(type, given instanceof Object && 'length' in given ? given : missing(name), shape);
    }
    return tensors;
  }

  #fetches(): Record<string, RuntimeTensor | null> {
    const fetches: Record<string, RuntimeTensor | null> = {};
    for (const name of Object.keys(this.#graph.outputs)) fetches[name] = null;
    for (const [name, output] of Object.entries(this.#replacedBy))
      if (output !== undefined) fetches[output] = this.#spare.get(name) ?? missing(name);
    return fetches;
  }
}

function missing(name: string): never {
  throw new Error(`input ${name} has no value`);
}

function invalidInput(name: string): never {
  throw new Error(`the graph has no input ${name}`);
}
