// The only file that touches the runtime.
import './noTelemetry.ts';
import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { invariant } from '../../check/invariant.ts';
import { EngineError, type Device, type Port, type Values } from '../engine.ts';
import type { ElementType, Shape } from '../../graph/ops.ts';

export interface SessionOptions {
  readonly device: Device;
  readonly threads: number;
  /** The model needs no rewriting by the runtime. */
  readonly isTuned?: boolean;
}

/** What ONNX Runtime calls our devices. */
const providers: Readonly<Record<Device, string>> = {
  cpu: 'cpu',
  webgpu: 'webgpu',
  cuda: 'cuda',
  directml: 'dml',
  coreml: 'coreml',
};

// A provider that cannot load is reported through our own words, not on the terminal.
env.logLevel = 'fatal';

/** Whether this build of the runtime knows the device at all. The runtime would silently drop one that it does not know. */
export const isBuiltIn = (device: Device): boolean =>
  listSupportedBackends().some(({ name }) => name === providers[device]);

export type RuntimeTensor = Tensor;

export function tensorOf(type: ElementType, values: Values, shape: Shape): RuntimeTensor {
  return new Tensor(type, values, shape);
}

/** The values of a tensor, on the host. */
export async function valuesOf(tensor: RuntimeTensor): Promise<Values> {
  const values = await tensor.getData();
  invariant(
    values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array,
    `the runtime returned ${tensor.type}`,
  );
  return values;
}

/** A loaded model. `origins` turns the name of a failing ONNX node into the graph's words. */
export class Session {
  readonly #session: InferenceSession;
  readonly #origins: ReadonlyMap<string, string>;

  private constructor(session: InferenceSession, origins: ReadonlyMap<string, string>) {
    this.#session = session;
    this.#origins = origins;
  }

  static async load(
    model: Uint8Array,
    { device, threads, isTuned = false }: SessionOptions,
    origins: ReadonlyMap<string, string>,
  ): Promise<Session> {
    const session = await InferenceSession.create(model, {
      executionProviders: device === 'cpu' ? ['cpu'] : [providers[device], 'cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // A pattern is one block as large as the peak, taken at the second run beside all that the first one took piece by piece.
      enableMemPattern: false,
      graphOptimizationLevel: isTuned ? 'disabled' : 'all',
      logSeverityLevel: 3,
    }).catch((error: unknown) => {
      throw translate(error, origins);
    });
    return new Session(session, origins);
  }

  get inputs(): readonly Port[] {
    return this.#session.inputMetadata.map(portOf);
  }

  get outputs(): readonly Port[] {
    return this.#session.outputMetadata.map(portOf);
  }

  /** Runs once; `into` are tensors that the runtime writes results to. */
  async run(
    feeds: Readonly<Record<string, RuntimeTensor>>,
    into: Readonly<Record<string, RuntimeTensor | null>>,
  ): Promise<Readonly<Record<string, RuntimeTensor>>> {
    return this.#session.run(feeds, into).catch((error: unknown) => {
      throw translate(error, this.#origins);
    });
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

function portOf(metadata: InferenceSession.ValueMetadata): Port {
  const { name } = metadata;
  if (!metadata.isTensor) return { name, type: 'no tensor', shape: [] };
  // A free extent is a name, or -1 without one.
  const shape = metadata.shape.map((extent) => (typeof extent === 'number' && extent >= 0 ? extent : null));
  return { name, type: metadata.type, shape };
}

/** ONNX Runtime writes `... while running Conv node. Name:'%12 conv|v5' ...` or `Node (%12 conv|v5) ...`. */
function translate(error: unknown, origins: ReadonlyMap<string, string>): EngineError {
  const text = error instanceof Error ? error.message : String(error);
  const origin = /(%\d+ \w+)\|/.exec(text)?.[1];
  return new EngineError(text, origin === undefined ? undefined : origins.get(origin), { cause: error });
}
