import { availableParallelism } from 'node:os';
import { invariant } from '../../../ml/check/invariant.ts';
import { openOnnxRuntime } from '../../../ml/engines/onnxruntime/engine.ts';
import { sizeOf } from '../../../ml/graph/shape.ts';
import { initialise } from '../../../ml/nn/parameters.ts';
import { fillNormal } from '../../../ml/random/fillNormal.ts';
import { stream } from '../../../ml/random/stream.ts';
import { momentName, squareName } from '../../../ml/training/optimiser.ts';
import { benchInference, benchShape, benchTraining } from './benchUnet.ts';

export type Dimensions = 2 | 3;
export type Task = 'train' | 'infer';

/** Our side of a comparison with PyTorch: the U-Net of bench_unet.py, compiled, its data in place, two threads. */
export interface UnetBench {
  /** One training step (cross entropy, AdamW, the loss read back) or one inference; resolves when its result is there. */
  step(): Promise<void>;
  dispose(): Promise<void>;
}

const openEngine = () => openOnnxRuntime({ device: 'cpu', threads: Math.min(2, availableParallelism()) });

const normal = (length: number): Float32Array => {
  const values = new Float32Array(length);
  fillNormal(values, stream(0, 'bench'));
  return values;
};

/** Compiles the step for input [4, 1, 128, 128] (2-D) or [1, 1, 64, 64, 64] (3-D). */
export const benchUnet = (dimensions: Dimensions, task: Task): Promise<UnetBench> =>
  task === 'train' ? training(dimensions) : inference(dimensions);

async function inference(dimensions: Dimensions): Promise<UnetBench> {
  const { graph, parameters } = benchInference(dimensions);
  const program = await (await openEngine()).compile(graph, { constants: initialise(parameters, 0) });
  const image = normal(sizeOf(benchShape(dimensions)));
  return {
    step: async () => {
      const { logits } = await program.run({ image });
      await logits!.read();
      logits!.dispose();
    },
    dispose: () => program.dispose(),
  };
}

async function training(dimensions: Dimensions): Promise<UnetBench> {
  const { graph, parameters, state } = benchTraining(dimensions);
  const program = await (await openEngine()).compile(graph, { state });
  const image = normal(sizeOf(benchShape(dimensions)));
  const label = Int32Array.from(image, (value) => (value > 0 ? 1 : 0));
  for (const [name, values] of Object.entries(initialise(parameters, 0)))
    program.setState({
      [name]: values,
      [momentName(name)]: new Float32Array(values.length),
      [squareName(name)]: new Float32Array(values.length),
    });
  let update = 0;
  return {
    step: async () => {
      update++;
      const { loss } = await program.run({
        image,
        label,
        learningRate: Float32Array.of(1e-3),
        correction1: Float32Array.of(1 / (1 - 0.9 ** update)),
        correction2: Float32Array.of(1 / (1 - 0.999 ** update)),
      });
      const [value] = await loss!.read();
      invariant(Number.isFinite(value), `the loss became ${value}`);
    },
    dispose: () => program.dispose(),
  };
}
