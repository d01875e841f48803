import type { Node, NodeOf, OpKind } from '../ops.ts';

/** Whether a node has one use only, so that rewriting that use spares the node itself. */
export type IsOwn = (node: Node) => boolean;

/** A cheaper node of the same value, where there is one: never more operations than it spares, none larger. */
type Rule<K extends OpKind> = (node: NodeOf<K>, isOwn: IsOwn) => Node | undefined;

export type Rules = { readonly [K in OpKind]?: Rule<K> };
