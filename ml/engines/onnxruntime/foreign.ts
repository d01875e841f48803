import { invariant } from '../../check/invariant.ts';
import { Problem } from '../../check/problem.ts';
import { inspectOnnx } from './onnx/inspect.ts';
import { Session, tensorOf, valuesOf, type SessionOptions } from './session.ts';
import { EngineError, type ForeignProgram } from '../engine.ts';

/** Loads an `.onnx` file that others made. Operators of other makers and weights in files beside it are refused before the runtime sees it. */
export async function loadForeign(onnx: Uint8Array, options: SessionOptions): Promise<ForeignProgram> {
  checkFile(onnx);
  const session = await Session.load(onnx, options, new Map()).catch((error: unknown) => {
    if (!(error instanceof EngineError)) throw error;
    throw refused(
      `ONNX Runtime cannot load the network: ${firstLine(error)}`,
      'Export it again, for an older operator set (PyTorch: opset_version=18).',
      error,
    );
  });
  return {
    inputs: session.inputs,
    outputs: session.outputs,
    run: async (values, shape) => {
      const [input, output] = [session.inputs[0], session.outputs[0]];
      invariant(input && output, 'a network takes and gives something');
      const results = await session.run({ [input.name]: tensorOf('float32', values, shape) }, { [output.name]: null });
      const answer = results[output.name];
      invariant(answer, 'the runtime gives what it is asked for');
      const numbers = await valuesOf(answer);
      invariant(numbers instanceof Float32Array, 'the output is float32');
      return { values: numbers, shape: answer.dims };
    },
    dispose: () => session.release(),
  };
}

const refused = (what: string, remedy: string, cause?: unknown): Problem =>
  new Problem('model', what, 'the file', remedy, { cause });

const firstLine = ({ message }: Error): string => message.split('\n')[0]!;

function checkFile(onnx: Uint8Array): void {
  const facts = inspectOnnx(onnx);
  if (facts === undefined) throw refused('this is no ONNX file', 'Give the file that the export wrote.');
  const { domains, hasExternalData } = facts;
  if (hasExternalData)
    throw refused('its weights are in another file', 'Export it as one file (PyTorch: external_data=False).');
  const others = domains.filter((domain) => domain !== '' && domain !== 'ai.onnx');
  if (others.length > 0)
    throw refused(`it needs operators of ${others.join(', ')}`, 'Export it with the standard operators of ONNX alone.');
}
