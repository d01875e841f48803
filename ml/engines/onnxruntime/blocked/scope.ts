import type { Node, NodeOf } from '../../../graph/ops.ts';
import { formsOf, type Form } from './forms.ts';
import type { CompileOptions } from '../../engine.ts';

/** What is known of a graph before anything is emitted. */
export class Scope {
  readonly block: number;
  readonly #forms: ReadonlyMap<Node, Form>;
  readonly #uses = new Map<Node, number>();
  readonly #swishes = new Map<Node, NodeOf<'swish'>>();

  constructor(nodes: readonly Node[], outputs: readonly Node[], options: CompileOptions, block: number) {
    this.block = block;
    this.#forms = formsOf(nodes, options, block);
    for (const operand of [...nodes.flatMap(({ inputs }) => inputs), ...outputs])
      this.#uses.set(operand, (this.#uses.get(operand) ?? 0) + 1);
    for (const node of nodes) if (node.op === 'swish') this.#swishes.set(node.inputs[0]!, node);
  }

  /** How a node of the graph is held by itself. */
  form(node: Node): Form {
    return this.#forms.get(node) ?? { kind: 'plain' };
  }

  isCells(node: Node): boolean {
    return this.form(node).kind === 'cells';
  }

  /** Whether only one operation reads it: that one may take it over. */
  hasOneUse(node: Node): boolean {
    return this.#uses.get(node) === 1;
  }

  /** x * sigmoid(alpha * x), where the graph computes it anyway. */
  swishOf(x: Node, alpha: number): NodeOf<'swish'> | undefined {
    const node = this.#swishes.get(x);
    return node?.attributes.alpha === alpha ? node : undefined;
  }
}
