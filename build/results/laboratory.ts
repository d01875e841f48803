import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openModel, type Model } from '../../main/services/models/folder.ts';
import { writeModel } from '../../main/services/models/write.ts';
import { runPaths } from '../../main/training/run.ts';
import { asSettings, sfumato, trainOnce } from '../models/train.ts';
import { joinTwins } from '../models/twins.ts';
import { nameOf, type Strategy, type Subject, type Training } from './matrix.ts';
import { readScores, type Scores } from './scores.ts';

/** How models are run on the test people. */
export interface Way {
  readonly method: 'direct' | 'diffusion' | 'pd-ddpm' | 'ensemble';
  readonly steps?: number;
  readonly sampler?: 'ddim' | 'ddpm';
  readonly samples?: number;
  readonly augment?: boolean;
  readonly starts?: readonly number[];
}

/** Trainings and evaluations in a folder, each done once: what is there is taken as it is, so that the work may be stopped at any time. */
export class Laboratory {
  readonly #data: string;
  readonly #runs: string;
  /** Whether what is missing is computed. */
  readonly #mayWork: boolean;

  constructor({ data, runs, mayWork }: { readonly data: string; readonly runs: string; readonly mayWork: boolean }) {
    this.#data = data;
    this.#runs = runs;
    this.#mayWork = mayWork;
  }

  /** @returns undefined where it has not been trained and may not be now. */
  async train(training: Training, name = nameOf(training)): Promise<Model | undefined> {
    const { subject, strategy, seed, steps } = training;
    const out = join(this.#runs, name);
    if (existsSync(runPaths(out).model)) return openModel(runPaths(out).model);
    if (!this.#mayWork) return undefined;
    const network = strategy === 'none' ? ['--method', 'direct'] : ['--method', 'diffusion', '--strategy', strategy];
    const options = [...network, '--steps', String(steps), '--seed', String(seed), ...asSettings(subject.settings)];
    return trainOnce(this.#folderOf(subject), out, options);
  }

  /** A strategy's network with the direct one of the same seed beside it, for methods that need both. */
  async twins(subject: Subject, strategy: Strategy, seed: number): Promise<Model | undefined> {
    const folder = join(this.#runs, `${nameOf({ subject, strategy, seed })}-twins`);
    if (existsSync(folder)) return openModel(folder);
    const direct = await this.model(subject, 'none', seed);
    const diffusion = await this.model(subject, strategy, seed);
    if (!direct || !diffusion || !this.#mayWork) return undefined;
    const contents = await joinTwins(direct, diffusion);
    return writeModel(folder, { ...contents, card: '# Twins\n', licence: 'As the training data.\n' });
  }

  model(subject: Subject, strategy: Strategy, seed: number): Promise<Model | undefined> {
    return this.train({ subject, strategy, seed, steps: subject.steps });
  }

  /**
   * Models, together where there are several, on the test people.
   *
   * @param name Of the evaluation, among all.
   * @returns undefined where a model or the evaluation is missing and may not be made now.
   */
  async evaluate(
    name: string,
    subject: Subject,
    models: readonly (Model | undefined)[],
    way: Way,
  ): Promise<Scores | undefined> {
    const out = join(this.#runs, 'evaluations', `${subject.dataset}-${name}`);
    if (!existsSync(join(out, 'metrics.json'))) {
      if (!this.#mayWork || models.some((model) => model === undefined)) return undefined;
      const folders = models.flatMap((model) => (model ? ['--model', model.folder] : []));
      sfumato(['evaluate', this.#folderOf(subject), ...folders, '--out', out, '--force', ...optionsOf(way)]);
    }
    return readScores(join(out, 'metrics.json'));
  }

  #folderOf({ dataset }: Subject): string {
    return join(this.#data, dataset);
  }
}

function optionsOf({ augment, starts, ...numbers }: Way): readonly string[] {
  const named = Object.entries(numbers).flatMap(([option, value]) => [`--${option}`, String(value)]);
  return [...named, ...(augment ? ['--augment'] : []), ...(starts ? ['--starts', starts.join(',')] : [])];
}
