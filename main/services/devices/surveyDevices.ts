import { Problem } from '../../../ml/check/problem.ts';
import { devices, type Device } from '../../../ml/engines/engine.ts';
import { openEngine } from './openEngine.ts';
import { makeGraph } from '../../../ml/graph/graph.ts';
import { conv, geometry } from '../../../ml/graph/images.ts';
import { sizeOf } from '../../../ml/graph/shape.ts';
import { input } from '../../../ml/graph/sources.ts';

export interface DeviceSurvey {
  readonly engine: 'onnxruntime';
  readonly device: Device;
  /** Gives the right answer to a small known graph. */
  readonly works: boolean;
  /** Why it does not work, or what of it cannot be used. */
  readonly reasons: readonly string[];
  /** Multiplications and additions a second, in billions, of one convolution; `null` where it does not work. */
  readonly gigaMacs: number | null;
}

/** What each device of this computer can do, measured. */
export async function surveyDevices(threads: number, signal: AbortSignal): Promise<readonly DeviceSurvey[]> {
  const found: DeviceSurvey[] = [];
  for (const device of devices) {
    signal.throwIfAborted();
    found.push(await survey(device, threads));
  }
  return found;
}

async function survey(device: Device, threads: number): Promise<DeviceSurvey> {
  try {
    const engine = await openEngine(device, threads);
    const gigaMacs = await speedOf(engine);
    return { engine: 'onnxruntime', device, works: true, reasons: engine.device.reasons, gigaMacs };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const reason = error.what.replace(`this device does not work here: ${device}: `, '');
    return { engine: 'onnxruntime', device, works: false, reasons: [reason], gigaMacs: null };
  }
}

const CHANNELS = 64;
const SIDE = 64;
const RUNS = 7;

/** The best of some runs of a convolution [1, 64, 64, 64] by 3 x 3, the result read back. */
async function speedOf(engine: Awaited<ReturnType<typeof openEngine>>): Promise<number> {
  const image = input('image', [1, CHANNELS, SIDE, SIDE]);
  const weights = input('weights', [CHANNELS, CHANNELS, 3, 3]);
  const graph = makeGraph({ result: conv(image, weights, geometry(2, { padding: 1 })) });
  const constants = { weights: new Float32Array(sizeOf(weights.shape)).fill(0.01) };
  const program = await engine.compile(graph, { constants });
  const feeds = { image: new Float32Array(sizeOf(image.shape)).fill(1) };
  let best = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const started = performance.now();
    const { result } = await program.run(feeds);
    await result!.read();
    best = Math.min(best, performance.now() - started);
    result!.dispose();
  }
  await program.dispose();
  return (sizeOf(weights.shape) * SIDE ** 2) / best / 1e6;
}
