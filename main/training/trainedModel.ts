import { randomBytes } from 'node:crypto';
import { cpus, totalmem } from 'node:os';
import { trainingStep } from '../../ml/training/trainingStep.ts';
import { networkOfRun, stepPlan } from './stepPlan.ts';
import { caseHash } from '../services/models/caseHash.ts';
import { colourOfPlace } from '../services/models/palette.ts';
import { VALIDATION_STEPS } from './validate.ts';
import { readSafetensors, type StoredTensor } from '../services/models/safetensors.ts';
import { writeModel } from '../services/models/write.ts';
import { runPaths, type RunRecord } from './run.ts';
import type { LabelledCase } from '../datasets/dataset.ts';
import type { TrainResult } from './train.ts';
import type { Model } from '../services/models/folder.ts';
import type { ModelDescription } from '../services/models/description.ts';

/** Samples of a diffusion model that people look at. */
const SAMPLES = 8;

/**
 * The best weights of a run as a model folder `RUN/model`.
 *
 * @param cases Those that the run trained and validated on.
 */
export async function writeTrainedModel(
  folder: string,
  result: TrainResult,
  cases: readonly LabelledCase[],
): Promise<Model> {
  const { record } = result;
  const paths = runPaths(folder);
  const { tensors } = await readSafetensors(paths.best);
  const shapes = new Map(trainingStep(stepPlan(record).config).parameters.map(({ name, shape }) => [name, shape]));
  const weights = new Map<string, StoredTensor>(
    [...tensors].map(([name, { data }]) => [name, { type: 'F32', shape: shapes.get(name) ?? [data.length], data }]),
  );
  const description = await describe(result, cases);
  const contents = {
    description,
    weights: { [record.method]: weights },
    card: cardOf(description, result),
    licence: LICENCE,
  };
  return writeModel(paths.model, contents, 'replace');
}

const LICENCE = `The weights were derived from the data set named in MODEL_CARD.md; its licence decides who may use and pass them on.\n`;

async function describe(result: TrainResult, cases: readonly LabelledCase[]): Promise<Omit<ModelDescription, 'files'>> {
  const { record } = result;
  const { plan, labels, dataset } = record;
  return {
    schema: 1,
    name: safeName(`${dataset.name}-${record.method}`),
    version: '1.0.0',
    task: `Segments ${labels
      .slice(1)
      .map(({ name }) => name)
      .join(', ')}.`,
    licence: dataset.licence ?? 'as the training data',
    modality: modalityOf(plan.channels),
    channels: plan.channels.map((name) => ({ name })),
    labels: labels.map(({ value, name, colour }, i) => ({
      value,
      name,
      colour: colour ?? colourOfPlace(i),
      code: null,
    })),
    plan: {
      spacing: plan.spacing,
      unit: plan.unit,
      patch: [...plan.patch],
      context: plan.context,
      normalisation: plan.normalisation,
    },
    networks: networksOf(record),
    recommended:
      record.method === 'direct'
        ? { method: 'direct', samples: 1, steps: 1, sampler: 'ddim', start: 1 }
        : { method: 'diffusion', samples: SAMPLES, steps: VALIDATION_STEPS, sampler: 'ddim', start: 1 },
    training: await trainingOf(result, cases),
    measured: [],
  };
}

function networksOf(record: RunRecord): ModelDescription['networks'] {
  const { method, strategy, settings } = record;
  const network = networkOfRun(record);
  if (method === 'direct') return { direct: { file: 'weights.safetensors', network } };
  const { timesteps, schedule, prediction } = settings;
  return { diffusion: { file: 'weights.safetensors', network, timesteps, schedule, prediction, strategy } };
}

async function trainingOf(
  { record, steps, seconds }: TrainResult,
  cases: readonly LabelledCase[],
): Promise<ModelDescription['training']> {
  const salt = randomBytes(16).toString('hex');
  const caseHashes: string[] = [];
  for (const { images } of cases) caseHashes.push(await caseHash(salt, images));
  return {
    dataset: { name: record.dataset.name, licence: record.dataset.licence ?? 'unknown' },
    cases: record.split.train.length,
    salt,
    caseHashes: caseHashes.toSorted(),
    runs: [{ network: record.method, seed: record.seed, steps, seconds: Math.round(seconds) }],
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    // Validation chose the weights, so its Dice is no measure of them: `evaluate` measures, on other cases.
    scores: [],
  };
}

const safeName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'model';

/** DICOM Modality (0008,0060) by the words data sets use; OT is its word for others. */
function modalityOf(channels: readonly string[]): string {
  const words = channels.join(' ').toLowerCase();
  if (/\bct\b/.test(words)) return 'CT';
  if (/\bmri?\b|t1|t2|flair/.test(words)) return 'MR';
  if (/ultrasound|\bus\b/.test(words)) return 'US';
  return 'OT';
}

function cardOf(
  { name, task, labels, plan, training }: Omit<ModelDescription, 'files'>,
  { record, best, steps }: TrainResult,
): string {
  return `# ${name}

${task} Not for clinical use.

- Trained on ${training.cases} cases of ${training.dataset.name} (licence: ${training.dataset.licence}), validated on ${record.split.validation.length}.
- Method: ${record.method}${record.method === 'diffusion' ? `, strategy ${record.strategy}` : ''}; seed ${record.seed}; ${steps} of ${record.steps} steps.
- Structures: ${labels
    .slice(1)
    .map(({ value, name: label }) => `${value} ${label}`)
    .join(', ')}.
- Grid: ${plan.spacing.join(' x ')} ${plan.unit}, patches of ${plan.patch.join(' x ')}.
- Mean Dice on the validation cases at the best step (${best.step}): ${best.dice.toFixed(4)}. Validation chose that step: test on other cases.
`;
}
