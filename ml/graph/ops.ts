// The closed set of primitives. Every table over them (shapes, derivatives, reference, ONNX) is exhaustive by type: a new primitive
// does not compile until each of them knows it. Layout of images is [n, c, ...spatial], one to three spatial dimensions, last fastest.

export type ElementType = 'float32' | 'int32' | 'bool';
export type Shape = readonly number[];

export interface TensorType {
  readonly type: ElementType;
  readonly shape: Shape;
}

/** Geometry of a convolution over the spatial axes; one entry an axis. */
export interface ConvGeometry {
  readonly stride: readonly number[];
  /** Zeros put before and after each axis. */
  readonly padding: readonly (readonly [before: number, after: number])[];
  readonly dilation: readonly number[];
  readonly groups: number;
}

export interface PoolGeometry {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
}

// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- most primitives have no attributes
type None = {};

/** Attributes of each primitive; its operands and result are in the comment. */
export interface OpAttributes {
  /** A tensor given at run time: data, a parameter, a random draw. */
  input: TensorType & { readonly name: string };
  /** Values known when the graph is built, in row-major order; one value fills the shape. */
  constant: TensorType & { readonly data: readonly number[] };

  // (x) -> same shape, float32.
  neg: None;
  exp: None;
  log: None;
  sqrt: None;
  abs: None;
  /** -1, 0 or 1. */
  sign: None;
  sigmoid: None;
  tanh: None;
  erf: None;
  sin: None;
  cos: None;
  /** x * sigmoid(alpha * x): SiLU at alpha 1, the sigmoid form of GELU at 1.702 (Hendrycks and Gimpel 2016, section 2). */
  swish: { readonly alpha: number };
  /** (x, gradient) -> gradient * derivative of swish at x. */
  swishGradient: { readonly alpha: number };
  /** The operand, through which no gradient flows. Any type. */
  stopGradient: None;

  // (a, b) of one rank, axes of size 1 broadcast; float32.
  add: None;
  sub: None;
  mul: None;
  div: None;
  max: None;
  min: None;
  /** (a, b) -> bool, a < b. float32 or int32. */
  less: None;
  /** (a, b) -> bool, a = b. float32 or int32. */
  equal: None;
  /** (condition bool, a, b) -> a where the condition holds, else b; axes of size 1 broadcast. */
  select: None;
  cast: { readonly to: ElementType };

  reshape: { readonly shape: Shape };
  /** Axis i of the result is axis `permutation[i]` of the operand. */
  transpose: { readonly permutation: readonly number[] };
  /** Axes of size 1 are repeated. */
  broadcastTo: { readonly shape: Shape };
  /** Half-open ranges [start, stop) by positive step, one an axis. */
  slice: { readonly start: readonly number[]; readonly stop: readonly number[]; readonly step: readonly number[] };
  /** Zeros before, after, and `interior` of them between neighbours, one entry an axis. */
  pad: { readonly low: readonly number[]; readonly high: readonly number[]; readonly interior: readonly number[] };
  concat: { readonly axis: number };
  /** (x, indices int32 [m]) -> x with `axis` replaced by the m chosen entries. */
  gather: { readonly axis: number };
  /** (x, indices int32 [m]) -> zeros with `axis` of the given size, entry i of x added at indices[i]. The transpose of gather. */
  scatterAdd: { readonly axis: number; readonly size: number };

  // Reductions keep their axes with size 1.
  sum: { readonly axes: readonly number[] };
  reduceMax: { readonly axes: readonly number[] };
  /** Index of the first largest entry, int32. */
  argMax: { readonly axis: number };

  /** ([...b, m, k], [...b, k, n]) -> [...b, m, n], batch axes equal. */
  matmul: None;
  /** (x [n, c, ...s], w [o, c/groups, ...k]) -> [n, o, ...]; cross-correlation. */
  conv: ConvGeometry;
  /** (w, gradient by the output) -> gradient by x, whose spatial shape is `spatial`. Also the transposed convolution. */
  convInputGradient: ConvGeometry & { readonly spatial: readonly number[] };
  /** (x, gradient by the output) -> gradient by w, whose spatial shape is `kernel`. */
  convWeightGradient: ConvGeometry & { readonly kernel: readonly number[] };
  averagePool: PoolGeometry;
  maxPool: PoolGeometry;
  /** Every voxel repeated `scale` times along each spatial axis. */
  resizeNearest: { readonly scale: readonly number[] };
  softmax: { readonly axis: number };
  logSoftmax: { readonly axis: number };
}

export type OpKind = keyof OpAttributes;

/** A tensor of the graph: what computes it, from what. Frozen; equal subgraphs may be separate objects. */
export interface NodeOf<K extends OpKind> extends TensorType {
  readonly op: K;
  readonly inputs: readonly Node[];
  readonly attributes: Readonly<OpAttributes[K]>;
}

export type Node = { [K in OpKind]: NodeOf<K> }[OpKind];
