import { exp, mul } from '../../graph/elementwise.ts';
import { optimise } from '../../graph/passes/optimise.ts';
import { inputsOf, makeGraph, type Graph } from '../../graph/graph.ts';
import { input } from '../../graph/sources.ts';
import { invariant } from '../../check/invariant.ts';
import { Problem } from '../../check/problem.ts';
import { blockedLowering } from './blocked/blocked.ts';
import { probeBlocks } from './blocked/probe.ts';
import { encodeModel } from './onnx/model.ts';
import { loadForeign } from './foreign.ts';
import { originsOf, type Lowering } from './lowering.ts';
import { plainLowering } from './plain/plain.ts';
import { RuntimeProgram } from './program.ts';
import { isBuiltIn, Session } from './session.ts';
import { devices, type CompileOptions, type Device, type DeviceReport, type Engine, type Program } from '../engine.ts';

export interface OpenOptions {
  readonly device: Device | 'auto';
  readonly threads: number;
  /** Which lowering is used; the probe of the machine decides where this is left out. */
  readonly lowering?: Lowering;
  /** Devices that are known not to work here, with the reason: they are not tried. */
  readonly absent?: Partial<Record<Device, string>>;
}

/**
 * Opens ONNX Runtime on the best device that gives a known answer.
 *
 * @throws Problem 'usage' where a device was named that does not work here, with the runtime's reason.
 */
export async function openOnnxRuntime({ device, threads, absent = {}, ...options }: OpenOptions): Promise<Engine> {
  const report = await chooseDevice(device, threads, absent);
  const { lowering, reasons } = options.lowering
    ? { lowering: options.lowering, reasons: [] }
    : await chooseLowering(report.used, threads);
  return {
    name: 'onnxruntime',
    device: { ...report, reasons: [...report.reasons, ...reasons] },
    threads,
    compile: (graph, options = {}) => compile(graph, options, lowering, { device: report.used, threads }),
    load: (onnx) => loadForeign(onnx, { device: report.used, threads }),
  };
}

async function compile(
  given: Graph,
  options: CompileOptions,
  lowering: Lowering,
  session: { readonly device: Device; readonly threads: number },
): Promise<Program> {
  checkOptions(given, options);
  const graph = optimise(given);
  const { graph: lowered, model, layouts, isTuned } = lowering(graph, options);
  const loaded = await Session.load(encodeModel(model), { ...session, isTuned }, originsOf(lowered));
  return new RuntimeProgram(graph, loaded, layouts, options);
}

function checkOptions(graph: Graph, { state = {}, constants = {} }: CompileOptions): void {
  const inputs = inputsOf(graph);
  for (const name of [...Object.keys(state), ...Object.keys(constants)])
    invariant(inputs.has(name), `the graph has no input ${name}`);
  for (const output of Object.values(state))
    invariant(output === undefined || output in graph.outputs, `the graph has no output ${output}`);
}

/** The CPU's blocked kernels where they give a known answer. */
async function chooseLowering(
  device: Device,
  threads: number,
): Promise<{ readonly lowering: Lowering; readonly reasons: readonly string[] }> {
  if (device !== 'cpu') return { lowering: plainLowering, reasons: [] };
  const probe = await probeBlocks(threads);
  if ('block' in probe) return { lowering: blockedLowering(probe.block), reasons: [] };
  return { lowering: plainLowering, reasons: [`cpu: plain operations only, because ${probe.fault}`] };
}

/** Best first; the CPU always works. */
const preference: readonly Device[] = ['cuda', 'directml', 'coreml', 'webgpu', 'cpu'];

async function chooseDevice(
  asked: Device | 'auto',
  threads: number,
  absent: Partial<Record<Device, string>>,
): Promise<DeviceReport> {
  const reasons: string[] = [];
  for (const device of asked === 'auto' ? preference : [asked]) {
    const fault = absent[device] ?? (await faultOf(device, threads));
    if (fault === undefined) return { asked, used: device, reasons };
    reasons.push(`${device}: ${fault}`);
  }
  throw new Problem(
    'usage',
    `this device does not work here: ${reasons.join('; ')}`,
    `--device ${asked}`,
    `Use --device auto or one of ${devices.join(', ')} that "sfumato devices" lists as working.`,
  );
}

/** Runs a graph with a known answer; returns what went wrong. */
async function faultOf(device: Device, threads: number): Promise<string | undefined> {
  if (!isBuiltIn(device)) return 'is not part of this build of ONNX Runtime';
  const x = input('x', [1, 4]);
  try {
    const program = await compile(makeGraph({ y: mul(exp(x), 2) }), {}, plainLowering, { device, threads });
    const { y } = await program.run({ x: Float32Array.of(0, 1, -1, 0.5) });
    const values = await y!.read();
    await program.dispose();
    const expected = [0, 1, -1, 0.5].map((value) => 2 * Math.exp(value));
    const wrong = expected.some((value, i) => !(Math.abs(value - values[i]!) < 1e-5));
    return wrong ? `computed ${values.join(' ')} instead of ${expected.join(' ')}` : undefined;
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0] : String(error);
  }
}
