import { lowerPlain } from '../plain/lowering.ts';
import { cellsFromPlain, cellsToPlain, slicesFromPlain } from './cells.ts';
import { perChannel, type ChannelUse } from './perChannel.ts';
import { weightsFromPlain, weightsToPlain } from './weights.ts';
import type { Operand } from '../../../graph/elementwise.ts';
import type { Emitter } from '../onnx/emitter.ts';
import type { Attribute } from '../onnx/model.ts';
import type { Node, Shape } from '../../../graph/ops.ts';
import type { Scope } from './scope.ts';
import type { Value } from './value.ts';

/** The names of one value in the forms that were asked for so far. */
interface Held {
  plain?: string;
  weights?: string;
  cells?: readonly string[];
  cleanCells?: readonly string[];
  cleanWeights?: string;
  slices?: readonly string[];
  readonly perChannel: Map<string, readonly string[]>;
}

/** Holds the names of what was emitted, and gives any value in the form that is asked for. */
export class Lowerer {
  readonly emitter: Emitter;
  readonly scope: Scope;
  readonly block: number;
  readonly #held = new Map<Node, Held>();
  readonly #made = new Map<string, string>();

  constructor(emitter: Emitter, scope: Scope) {
    this.emitter = emitter;
    this.scope = scope;
    this.block = scope.block;
  }

  set(node: Node, value: Value): void {
    const held = this.#of(node);
    if (value.kind === 'cells') held.cells = value.names;
    else held[value.kind] = value.name;
  }

  /** Row-major. A small node that is not of the graph is emitted here, from operands that are. */
  plain(node: Node): string {
    const held = this.#of(node);
    return (held.plain ??= this.#toPlain(node, held));
  }

  /** One tensor [1, c, h, w] a sample and slice, channels in blocks. */
  cells(node: Node): readonly string[] {
    const held = this.#of(node);
    return (held.cells ??= cellsFromPlain(this, this.plain(node), node.shape));
  }

  /** Cells whose filled up channels are zero, as convolutions need them. */
  cleanCells(node: Node): readonly string[] {
    const form = this.scope.form(node);
    if (form.kind !== 'cells' || form.padding === 0) return this.cells(node);
    const held = this.#of(node);
    return (held.cleanCells ??= cellsFromPlain(this, this.plain(node), node.shape));
  }

  /** One row-major tensor [1, c, h, w] a sample and slice. */
  slices(node: Node): readonly string[] {
    const held = this.#of(node);
    return (held.slices ??= slicesFromPlain(this, this.plain(node), node.shape));
  }

  weights(node: Node): string {
    const held = this.#of(node);
    return (held.weights ??= weightsFromPlain(this, this.plain(node), node.shape));
  }

  /** Weights whose filled up channels are zero. */
  cleanWeights(node: Node): string {
    const form = this.scope.form(node);
    if (form.kind !== 'weights' || form.padding === 0) return this.weights(node);
    const held = this.#of(node);
    return (held.cleanWeights ??= weightsFromPlain(this, this.plain(node), node.shape));
  }

  /** A value a channel as one tensor for each sample of `shape`. */
  perChannel(value: Operand, shape: Shape, use: ChannelUse): readonly string[] {
    if (typeof value === 'number') return perChannel(this, value, shape, use);
    const { perChannel: known } = this.#of(value);
    const key = `${use} ${shape[0]} ${shape[1]}`;
    const names = known.get(key) ?? perChannel(this, value, shape, use);
    known.set(key, names);
    return names;
  }

  /** A kernel of the blocked domain. Inputs left out at the end are dropped. */
  blocked(op: string, inputs: readonly (string | undefined)[], attributes: Readonly<Record<string, Attribute>> = {}) {
    const last = inputs.findLastIndex((name) => name !== undefined);
    const given = inputs.slice(0, last + 1).map((name) => name ?? '');
    return this.emitter.emit(op, given, attributes, { domain: 'com.microsoft.nchwc' });
  }

  reshape(name: string, shape: Shape): string {
    return this.once(`${name} as ${shape.join()}`, () =>
      this.emitter.emit('Reshape', [name, this.emitter.indices(shape)]),
    );
  }

  /** Parts of equal extent along axis 0. */
  split(name: string, parts: number): readonly string[] {
    if (parts === 1) return [name];
    return this.emitter.emitMany('Split', [name], { axis: 0, num_outputs: parts }, { results: parts });
  }

  /** Joins along axis 0. */
  join(names: readonly string[]): string {
    return names.length === 1 ? names[0]! : this.emitter.emit('Concat', names, { axis: 0 });
  }

  /** What `make` emits, the first time that it is asked for. */
  once(key: string, make: () => string): string {
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const name = make();
    this.#made.set(key, name);
    return name;
  }

  #of(node: Node): Held {
    let held = this.#held.get(node);
    if (!held) this.#held.set(node, (held = { perChannel: new Map() }));
    return held;
  }

  #toPlain(node: Node, held: Held): string {
    if (held.cells) return cellsToPlain(this, held.cells, node.shape);
    if (held.weights !== undefined) return weightsToPlain(this, held.weights, node.shape);
    return lowerPlain(
      node,
      node.inputs.map((operand) => this.plain(operand)),
      this.emitter,
    );
  }
}
