import type { Graph } from '../graph/graph.ts';
import type { Shape, TensorType } from '../graph/ops.ts';

/** Values of a tensor on the host, row-major: float32, int32, or bool as bytes 0 and 1. */
export type Values = Float32Array | Int32Array | Uint8Array;

/** A tensor held by an engine, perhaps on a device and in a layout of its own. Opaque: only `read` brings its values to the host. */
export interface Buffer extends TensorType {
  read(): Promise<Values>;
  dispose(): void;
}

export interface CompileOptions {
  /**
   * Inputs whose values the program keeps between runs, each with the output that replaces it after a run (undefined: it stays).
   * Parameters and optimiser state live here, in the layout the engine likes best, and do not travel.
   */
  readonly state?: Readonly<Record<string, string | undefined>>;
  /** Inputs that never change: their values become part of the program, which engines can make use of. */
  readonly constants?: Readonly<Record<string, Float32Array>>;
}

/** A graph made ready for one device. Not reentrant: one run at a time. */
export interface Program {
  /** Sets some or all of the kept inputs, row-major. All must be set before the first run. */
  setState(values: Readonly<Record<string, Values>>): void;
  /** The kept inputs as they are now, row-major copies. */
  getState(): Promise<Record<string, Values>>;
  /**
   * Runs once with the inputs that are neither kept nor constant. Returns the outputs that do not replace a kept input; they are valid
   * until disposed.
   *
   * @throws EngineError naming the node that failed.
   */
  run(feeds: Readonly<Record<string, Values | Buffer>>): Promise<Record<string, Buffer>>;
  dispose(): Promise<void>;
}

/** An input or output of a network that was made elsewhere. */
export interface Port {
  readonly name: string;
  /** In ONNX's words: float32, float16, int64, ... */
  readonly type: string;
  /** `null` where an extent is free; empty where the file does not say. */
  readonly shape: readonly (number | null)[];
}

/** A network that was made elsewhere, ready for one device. Not reentrant. */
export interface ForeignProgram {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /**
   * Runs a network of one input and one output.
   *
   * @throws EngineError
   */
  run(values: Float32Array, shape: Shape): Promise<{ readonly values: Float32Array; readonly shape: Shape }>;
  dispose(): Promise<void>;
}

export const devices = ['cpu', 'webgpu', 'cuda', 'directml', 'coreml'] as const;

export type Device = (typeof devices)[number];

/** What was asked for, what is used, and why each better one is not. */
export interface DeviceReport {
  readonly asked: Device | 'auto';
  readonly used: Device;
  readonly reasons: readonly string[];
}

export interface Engine {
  readonly name: string;
  readonly device: DeviceReport;
  readonly threads: number;
  compile(graph: Graph, options?: CompileOptions): Promise<Program>;
  /**
   * Loads the bytes of an `.onnx` file from elsewhere.
   *
   * @throws Problem 'model' where they are none that can be run.
   */
  load(onnx: Uint8Array): Promise<ForeignProgram>;
}

/** A runtime's failure in our words; `node` is the printed graph node it happened at, where the runtime says so. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly node: string | undefined;

  constructor(message: string, node: string | undefined, options?: ErrorOptions) {
    super(node === undefined ? message : `${message} at ${node}`, options);
    this.node = node;
  }
}
