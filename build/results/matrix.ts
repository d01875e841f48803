// What `npm run results` trains and measures: fixed before the first figure was seen, so that no row is chosen by its outcome.

export const diffusionStrategies = ['standard', 'selfConditioning', 'recyclingNext', 'recycling'] as const;

/** `none` is the direct network (methods.md section 2). */
export type Strategy = 'none' | (typeof diffusionStrategies)[number];

/** A data set and what is trained on it. */
export interface Subject {
  /** Of its folder in the data folder, which has the patients' parts in splits.json. */
  readonly dataset: string;
  readonly title: string;
  readonly steps: number;
  readonly strategies: readonly Strategy[];
  readonly seeds: readonly number[];
  /** As `--set` takes them. */
  readonly settings: readonly string[];
}

/** The recipe of the shipped models, for every network alike. */
const recipe = ['learningRate=0.001', 'crossEntropy=1', 'focal=0', 'validations=6', 'validationCases=12'];

export const subjects: readonly Subject[] = [
  {
    dataset: 'hippocampus-msd',
    title: 'Hippocampus, MR, 3-D',
    steps: 700,
    strategies: ['none', ...diffusionStrategies],
    seeds: [0, 1, 2],
    settings: [...recipe, 'batchSize=2', 'shift=0.1', 'mirror=i'],
  },
  {
    dataset: 'hc18-fetal-head-us',
    title: 'Fetal head, ultrasound, 2-D at 128 x 128',
    steps: 700,
    strategies: ['none', ...diffusionStrategies],
    seeds: [0, 1, 2],
    settings: [...recipe, 'spacing=6.25', 'mirror=ji'],
  },
  {
    dataset: 'acdc-cardiac-mr',
    title: 'Heart, cine MR',
    steps: 500,
    strategies: ['none', 'recycling'],
    seeds: [0],
    settings: recipe,
  },
  {
    dataset: 'dsb2018-nuclei',
    title: 'Nuclei, microscopy, 2-D',
    steps: 500,
    strategies: ['none', 'recycling'],
    seeds: [0],
    settings: [...recipe, 'patch=256x256', 'mirror=ji'],
  },
];

/** One training of the matrix. */
export interface Training {
  readonly subject: Subject;
  readonly strategy: Strategy;
  readonly seed: number;
  readonly steps: number;
}

export const nameOf = ({ subject, strategy, seed }: Omit<Training, 'steps'>): string =>
  `${subject.dataset}-${strategy}-${seed}`;

/** All trainings, first seeds first: what is there after part of the time is one whole seed of everything. */
export const trainings: readonly Training[] = [0, 1, 2].flatMap((seed) =>
  subjects
    .filter(({ seeds }) => seeds.includes(seed))
    .flatMap((subject) => subject.strategies.map((strategy) => ({ subject, strategy, seed, steps: subject.steps }))),
);

/** Sampling steps of claim (a), with either sampler. */
export const samplingSteps = [1, 2, 5, 10] as const;
export const samplers = ['ddim', 'ddpm'] as const;

/** Fractions of a chain of `startSteps` steps at which claim (e) starts from the direct network's mask. */
export const starts = [0.1, 0.2, 0.3, 0.5, 1] as const;
export const startSteps = 50;
