import { invariant } from '../../ml/check/invariant.ts';
import { Problem } from '../../ml/check/problem.ts';
import { emptyLossHistory, type LossHistory } from '../../ml/diffusion/timesteps/importance.ts';
import { initialise } from '../../ml/nn/parameters.ts';
import { lossOfGuessing } from '../../ml/training/lossOfGuessing.ts';
import { averageName, momentName, squareName } from '../../ml/training/optimiser.ts';
import { drawableSteps, noteLosses, stepInputs, type StepPlan } from '../../ml/training/stepInputs.ts';
import { trainingStep, type TrainingStep } from '../../ml/training/trainingStep.ts';
import type { Batch } from '../../ml/data/batch.ts';
import type { Buffer, Engine, Program, Values } from '../../ml/engines/engine.ts';

export interface StepResult {
  readonly loss: number;
  readonly gradientNorm: number;
}

type State = Readonly<Record<string, Float32Array>>;

/** A loss this many times that of guessing has left any path back. */
const EXPLOSION = 1000;

/** A training program with its state: what a checkpoint saves and restores. */
export class Stepper {
  #plan: StepPlan;
  readonly #step: TrainingStep;
  readonly #program: Program;
  readonly #initial: State;
  #history: LossHistory;

  private constructor(plan: StepPlan, step: TrainingStep, program: Program, initial: State | undefined) {
    this.#plan = plan;
    this.#step = step;
    this.#program = program;
    this.#initial = initial ?? initialise(step.parameters, plan.seed);
    this.#history = emptyLossHistory(drawableSteps(plan));
  }

  /** @param initial First values of all parameters; drawn from the plan's seed where they are left out. */
  static async compile(engine: Engine, plan: StepPlan, initial?: State): Promise<Stepper> {
    const step = trainingStep(plan.config);
    const program = await engine.compile(step.graph, { state: step.state });
    const stepper = new Stepper(plan, step, program, initial);
    stepper.reset();
    return stepper;
  }

  /** Goes on with another length or learning rate; network, batch and loss stay those that were compiled. */
  follow(plan: StepPlan): void {
    this.#plan = plan;
  }

  get history(): LossHistory {
    return this.#history;
  }

  /** Back to the first values. */
  reset(): void {
    const state: Record<string, Float32Array> = {};
    for (const [name, values] of Object.entries(this.#initial)) {
      state[name] = values;
      if (this.#step.state[name] === undefined) continue;
      state[averageName(name)] = values;
      state[momentName(name)] = new Float32Array(values.length);
      state[squareName(name)] = new Float32Array(values.length);
    }
    this.restore(state, emptyLossHistory(drawableSteps(this.#plan)));
  }

  restore(state: State, history: LossHistory): void {
    this.#program.setState(state);
    this.#history = history;
  }

  /**
   * @param step From 0.
   * @throws Problem 'data' where the loss is no number any more or has exploded; the state is then lost.
   */
  async run(step: number, batch: Batch): Promise<StepResult> {
    const inputs = stepInputs(this.#plan, batch, step, this.#history);
    const { loss, sampleLoss, gradientNorm } = await this.#program.run(inputs.feeds);
    const sampleLosses = await readOnce(sampleLoss);
    const result = { loss: (await readOnce(loss))[0]!, gradientNorm: (await readOnce(gradientNorm))[0]! };
    const isLost = result.loss > EXPLOSION * lossOfGuessing(this.#plan.config, this.#plan.schedule);
    if (isLost || !Number.isFinite(result.loss + result.gradientNorm)) throw diverged(step, result);
    noteLosses(this.#history, inputs, sampleLosses);
    return result;
  }

  async state(): Promise<Record<string, Float32Array>> {
    return floats(await this.#program.getState());
  }

  /** The running average of the parameters (of a frozen one itself), under their own names: what is validated and shipped. */
  async averages(): Promise<Record<string, Float32Array>> {
    const state = await this.state();
    return Object.fromEntries(
      this.#step.parameters.map(({ name }) => [name, (state[averageName(name)] ?? state[name])!]),
    );
  }

  dispose(): Promise<void> {
    return this.#program.dispose();
  }
}

async function readOnce(buffer: Buffer | undefined): Promise<Values> {
  invariant(buffer, 'a training step has this output');
  const values = await buffer.read();
  buffer.dispose();
  return values;
}

function floats(values: Readonly<Record<string, unknown>>): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      invariant(value instanceof Float32Array, `${name} is float32`);
      return [name, value];
    }),
  );
}

const diverged = (step: number, { loss, gradientNorm }: StepResult): Problem =>
  new Problem(
    'data',
    `the training diverged: loss ${loss}, gradient norm ${gradientNorm}`,
    `step ${step + 1}`,
    'What was saved before is kept. Start anew in another folder with a lower --set learningRate=..., and look at the data with `sfumato info`.',
  );
